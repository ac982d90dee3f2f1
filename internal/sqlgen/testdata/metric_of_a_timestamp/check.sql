SELECT status, MIN(ordered_at), MAX(ordered_at) FROM orders GROUP BY 1
