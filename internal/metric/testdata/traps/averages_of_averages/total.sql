SELECT (SELECT AVG(o.amount) FROM orders o JOIN customers c ON c.customer_id = o.customer_id), (SELECT AVG(v.pages) FROM visits v JOIN customers c ON c.customer_id = v.customer_id)
