SELECT DATE_TRUNC('month', ordered_at), SUM(amount) FROM orders WHERE order_id > 0 GROUP BY 1
