SELECT o.order_id, c.customer_id FROM orders o FULL JOIN customers c ON o.customer_id = c.customer_id
