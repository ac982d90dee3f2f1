SELECT customer_id FROM customers WHERE joined < DATE '2024-01-03'
