SELECT i.item_id, SUM(o.amount) FROM items i LEFT JOIN orders o ON i.order_id = o.order_id GROUP BY 1
