SELECT category, SUM(amount) FROM (
  SELECT DISTINCT i.category, o.order_id, o.amount FROM orders o LEFT JOIN items i ON i.order_id = o.order_id
) AS once GROUP BY category
