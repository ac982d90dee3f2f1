SELECT paid, SUM(amount), AVG(CAST(amount AS DOUBLE PRECISION)), COUNT(status), COUNT(DISTINCT status), MIN(amount), MAX(ordered_at) FROM orders WHERE order_id > 0 GROUP BY 1
