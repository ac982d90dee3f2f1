SELECT o.status, SUM(i.quantity) FROM orders o LEFT JOIN items i ON i.order_id = o.order_id WHERE o.order_id > 0 GROUP BY 1
