SELECT (SELECT SUM(amount) FROM orders WHERE ordered_at >= '2024-03-01' AND ordered_at < '2024-10-01'), (SELECT SUM(amount) FROM orders WHERE ordered_at >= '2024-01-01' AND ordered_at < '2024-08-01')
