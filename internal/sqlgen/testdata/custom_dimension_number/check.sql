SELECT amount * 2, COUNT(order_id) FROM orders WHERE order_id > 0 AND amount * 2 > 20 GROUP BY 1
