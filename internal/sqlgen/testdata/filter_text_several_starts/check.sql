SELECT order_id FROM orders WHERE order_id > 0 AND ((status LIKE 'do%' OR status LIKE '50!%%' ESCAPE '!') AND amount < 9)
