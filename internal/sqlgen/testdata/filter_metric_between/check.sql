SELECT status, SUM(amount) FROM orders WHERE order_id > 0 GROUP BY 1 HAVING SUM(amount) BETWEEN 10 AND 40
