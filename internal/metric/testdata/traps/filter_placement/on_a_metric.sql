SELECT c.region, SUM(c.credit), SUM((SELECT SUM(o.amount) FROM orders o WHERE o.customer_id = c.customer_id)), 4
FROM customers c WHERE c.region = 'north' GROUP BY c.region
