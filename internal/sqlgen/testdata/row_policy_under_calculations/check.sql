SELECT order_id, SUM(amount), SUM(amount) * 1.0 / SUM(SUM(amount)) OVER () FROM orders WHERE order_id > 0 AND account_id = 7 GROUP BY 1
