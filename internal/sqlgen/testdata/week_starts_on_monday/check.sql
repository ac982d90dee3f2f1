SELECT order_id, CAST(CAST(ordered_at AS DATE) - (CAST(EXTRACT(ISODOW FROM ordered_at) AS INTEGER) + 6) % 7 AS TIMESTAMP) FROM orders WHERE order_id > 0
