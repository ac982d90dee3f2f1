SELECT order_id FROM orders WHERE order_id > 0 AND (amount <> 10.5 OR amount IS NULL)
