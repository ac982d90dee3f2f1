SELECT customer_id, MAX(ordered_at) FROM orders GROUP BY 1 HAVING MAX(ordered_at) < TIMESTAMP '2024-12-31 00:00:00'
