SELECT order_id FROM orders WHERE order_id > 0 AND (account_id = 8 AND amount <> 0)
