SELECT customer_id, MAX(status) FROM orders GROUP BY 1 HAVING MAX(status) LIKE 'op%'
