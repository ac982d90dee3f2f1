SELECT order_id, SUM(amount), SUM(amount) / 2.0 FROM orders WHERE order_id > 0 AND paid GROUP BY 1 HAVING SUM(amount) > 0 AND SUM(amount) / 2.0 < 20
