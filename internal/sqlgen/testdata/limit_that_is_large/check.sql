SELECT order_id FROM orders WHERE order_id > 0
