SELECT bin, COUNT(*), SUM(items) FROM (
  SELECT CASE WHEN i.quantity IS NULL THEN NULL WHEN i.quantity < 3 THEN '<3' ELSE '≥3' END AS bin, o.order_id, COUNT(i.item_id) AS items
  FROM orders o LEFT JOIN items i ON i.order_id = o.order_id GROUP BY 1, o.order_id
) AS once GROUP BY bin
