SELECT status, SUM(amount) FROM orders WHERE order_id > 0 AND order_id IN (SELECT order_id FROM items WHERE quantity > 0) GROUP BY 1
