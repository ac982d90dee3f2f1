SELECT true, COUNT(order_id) FROM orders WHERE order_id > 0 AND amount > 10 GROUP BY 1
