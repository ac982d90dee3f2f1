SELECT order_id FROM orders WHERE order_id > 0 AND (ordered_at >= TIMESTAMP '2024-01-01 00:00:00' AND ordered_at < TIMESTAMP '2026-01-01 00:00:00')
