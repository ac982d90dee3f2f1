SELECT o.order_id, i.item_id FROM orders o RIGHT JOIN items i ON o.order_id = i.order_id
