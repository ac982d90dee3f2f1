SELECT SUM(amount) FROM orders WHERE account_id = 7 AND order_id IN (SELECT order_id FROM items)
