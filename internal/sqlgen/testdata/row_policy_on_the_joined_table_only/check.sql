SELECT o.order_id, c.first_name FROM orders o LEFT JOIN (SELECT * FROM customers WHERE account_id = 8) c ON o.customer_id = c.customer_id WHERE o.order_id > 0
