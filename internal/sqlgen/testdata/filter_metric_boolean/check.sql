SELECT customer_id, true FROM orders GROUP BY 1 HAVING MAX(amount) > 50
