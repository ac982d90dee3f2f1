SELECT bin, ordering, SUM(amount), SUM(items) FROM (
  SELECT CASE WHEN i.quantity < 3 THEN '0 - 2' WHEN i.quantity < 6 THEN '3 - 5' END AS bin, FLOOR(i.quantity / 3) * 3 AS ordering, o.order_id, o.amount, COUNT(i.item_id) AS items
  FROM orders o LEFT JOIN items i ON i.order_id = o.order_id GROUP BY 1, 2, o.order_id, o.amount
) AS once GROUP BY bin, ordering
