SELECT m, r, RANK() OVER (ORDER BY r) FROM (SELECT DATE_TRUNC('month', ordered_at) AS m, SUM(amount) AS r FROM orders WHERE order_id > 0 AND ordered_at IS NOT NULL GROUP BY 1) x
