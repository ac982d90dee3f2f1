SELECT c.region, SUM(c.credit), SUM((SELECT SUM(o.amount) FROM orders o WHERE o.customer_id = c.customer_id AND o.amount > 40))
FROM customers c WHERE EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = c.customer_id AND o.amount > 40) GROUP BY c.region
