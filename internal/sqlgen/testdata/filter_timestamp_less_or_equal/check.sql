SELECT order_id FROM orders WHERE order_id > 0 AND (ordered_at <= TIMESTAMP '2024-03-01 10:11:12')
