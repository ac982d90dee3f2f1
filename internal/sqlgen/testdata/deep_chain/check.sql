SELECT c.region, COUNT(i.item_id), SUM(i.quantity) FROM items i LEFT JOIN orders o ON i.order_id = o.order_id AND o.order_id > 0 LEFT JOIN customers c ON o.customer_id = c.customer_id GROUP BY 1
