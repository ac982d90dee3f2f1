SELECT customer_id, MAX(status), MAX(amount) > 50 FROM orders GROUP BY 1
