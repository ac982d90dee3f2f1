SELECT customer_id FROM customers WHERE EXTRACT(MONTH FROM joined) = 1
