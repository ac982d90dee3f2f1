SELECT customer_id FROM customers WHERE joined IS NOT NULL
