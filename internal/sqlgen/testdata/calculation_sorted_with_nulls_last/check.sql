SELECT order_id, SUM(amount), SUM(amount) / 2.0 FROM orders WHERE order_id > 0 GROUP BY 1
