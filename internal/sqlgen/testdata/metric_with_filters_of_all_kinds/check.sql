SELECT customer_id, SUM(CASE WHEN amount > 5 AND status LIKE '%o%' AND ordered_at IS NOT NULL THEN amount END) FROM orders GROUP BY 1
