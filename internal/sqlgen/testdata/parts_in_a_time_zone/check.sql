SELECT order_id, EXTRACT(HOUR FROM ordered_at - INTERVAL '5 hours'), EXTRACT(DAY FROM ordered_at - INTERVAL '5 hours') FROM orders WHERE order_id > 0
