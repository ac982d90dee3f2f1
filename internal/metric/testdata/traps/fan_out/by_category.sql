SELECT category, SUM(amount), COUNT(*), SUM(quantity) FROM (
  SELECT i.category, o.order_id, o.amount, SUM(i.quantity) AS quantity
  FROM orders o LEFT JOIN items i ON i.order_id = o.order_id GROUP BY i.category, o.order_id, o.amount
) AS once GROUP BY category
