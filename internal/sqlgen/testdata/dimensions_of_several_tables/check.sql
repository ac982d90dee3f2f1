SELECT DISTINCT c.region, o.status FROM customers c LEFT JOIN orders o ON c.customer_id = o.customer_id AND o.order_id > 0
