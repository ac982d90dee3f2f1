SELECT (SELECT SUM(amount) FROM orders WHERE order_id IN (SELECT order_id FROM items)) * 1.0 / (SELECT COUNT(*) FROM items)
