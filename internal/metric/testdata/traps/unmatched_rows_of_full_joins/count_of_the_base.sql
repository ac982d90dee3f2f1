SELECT c.customer_id, COUNT(o.order_id) FROM orders o FULL JOIN customers c ON c.customer_id = o.customer_id GROUP BY c.customer_id
