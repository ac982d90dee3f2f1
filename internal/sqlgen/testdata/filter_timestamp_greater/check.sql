SELECT order_id FROM orders WHERE order_id > 0 AND (ordered_at > TIMESTAMP '2024-07-07 00:00:00')
