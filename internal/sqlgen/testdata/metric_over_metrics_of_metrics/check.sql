SELECT status, SUM(amount) * 2 / COUNT(order_id) FROM orders GROUP BY 1
