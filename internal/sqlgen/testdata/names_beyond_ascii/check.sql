SELECT status, COUNT(order_id) FROM orders WHERE order_id > 0 GROUP BY 1
