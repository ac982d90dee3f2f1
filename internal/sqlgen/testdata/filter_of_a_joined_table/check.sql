SELECT o.order_id FROM orders o JOIN customers c ON o.customer_id = c.customer_id WHERE o.order_id > 0 AND c.region = 'south'
