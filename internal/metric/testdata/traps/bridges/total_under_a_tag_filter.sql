SELECT SUM(amount) FROM orders WHERE order_id IN (SELECT order_id FROM order_tags)
