SELECT status, SUM(amount), NULL FROM orders WHERE order_id > 0 GROUP BY 1
