SELECT order_id FROM orders WHERE amount > 100
