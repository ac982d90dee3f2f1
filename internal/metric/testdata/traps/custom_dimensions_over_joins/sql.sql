SELECT size, SUM(amount), SUM(quantity) FROM (
  SELECT CASE WHEN i.quantity > 2 THEN 'big' ELSE 'small' END AS size, o.order_id, o.amount, SUM(i.quantity) AS quantity
  FROM orders o LEFT JOIN items i ON i.order_id = o.order_id GROUP BY 1, o.order_id, o.amount
) AS once GROUP BY size
