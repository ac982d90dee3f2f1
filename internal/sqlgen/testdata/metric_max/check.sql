SELECT status, MAX(amount) FROM orders WHERE order_id > 0 GROUP BY 1
