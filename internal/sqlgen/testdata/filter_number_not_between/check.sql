SELECT order_id FROM orders WHERE order_id > 0 AND (amount < 7 OR amount > 15)
