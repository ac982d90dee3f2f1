SELECT DISTINCT o.order_id, i.category FROM orders o LEFT JOIN items i ON i.order_id = o.order_id
