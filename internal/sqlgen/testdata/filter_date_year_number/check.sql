SELECT customer_id FROM customers WHERE EXTRACT(YEAR FROM joined) < 2024
