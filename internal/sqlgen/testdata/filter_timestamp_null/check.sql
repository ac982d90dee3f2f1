SELECT order_id FROM orders WHERE order_id > 0 AND (ordered_at IS NULL)
