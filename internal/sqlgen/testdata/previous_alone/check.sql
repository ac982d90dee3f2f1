SELECT SUM(amount) FROM orders WHERE ordered_at >= '2024-01-01' AND ordered_at < '2025-01-01'
