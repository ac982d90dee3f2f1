SELECT order_id FROM orders WHERE order_id > 0 AND (paid AND (amount < 0 OR amount > 100))
