SELECT order_id, SUM(amount), SUM(amount) / SUM(SUM(amount)) OVER () FROM orders WHERE order_id > 0 GROUP BY 1
