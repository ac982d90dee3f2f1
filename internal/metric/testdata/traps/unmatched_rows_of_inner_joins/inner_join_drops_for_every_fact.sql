SELECT c.region, SUM(c.credit), SUM((SELECT SUM(v.pages) FROM visits v WHERE v.customer_id = c.customer_id)) FROM customers c
WHERE c.customer_id IN (SELECT customer_id FROM orders) GROUP BY c.region
