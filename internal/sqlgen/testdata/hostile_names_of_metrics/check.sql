SELECT status, SUM(amount) FROM orders WHERE order_id > 0 GROUP BY 1
