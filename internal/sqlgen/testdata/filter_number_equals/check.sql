SELECT order_id FROM orders WHERE order_id > 0 AND (amount IN (10.5, 7))
