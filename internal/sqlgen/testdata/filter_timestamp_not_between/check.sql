SELECT order_id FROM orders WHERE order_id > 0 AND (ordered_at < TIMESTAMP '2024-03-01 00:00:00' OR ordered_at > TIMESTAMP '2024-12-31 00:00:00')
