SELECT customer_id FROM customers WHERE LOWER(first_name) IN ('ann', 'o''neil')
