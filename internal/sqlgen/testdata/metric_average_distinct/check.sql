SELECT g.region, (SELECT AVG(o.amount) FROM orders o WHERE o.order_id IN (SELECT order_id FROM items WHERE quantity > 1) AND o.customer_id IN (SELECT customer_id FROM customers c WHERE c.region = g.region))
FROM (SELECT DISTINCT c.region FROM items l LEFT JOIN orders o ON o.order_id = l.order_id LEFT JOIN customers c ON c.customer_id = o.customer_id) g
