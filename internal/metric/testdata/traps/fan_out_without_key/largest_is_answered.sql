SELECT i.category, MAX(o.amount) FROM orders o LEFT JOIN items i ON i.order_id = o.order_id GROUP BY i.category
