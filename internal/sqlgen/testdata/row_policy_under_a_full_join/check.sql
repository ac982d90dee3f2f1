SELECT o.order_id, c.customer_id FROM (SELECT * FROM orders WHERE account_id = 8) o FULL JOIN (SELECT * FROM customers WHERE account_id = 8) c ON o.customer_id = c.customer_id
