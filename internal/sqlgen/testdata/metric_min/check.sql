SELECT status, MIN(amount) FROM orders WHERE order_id > 0 GROUP BY 1
