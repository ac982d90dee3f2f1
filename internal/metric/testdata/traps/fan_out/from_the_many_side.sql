SELECT status, SUM(amount), SUM(quantity) FROM (
  SELECT o.status, o.order_id, o.amount, SUM(i.quantity) AS quantity
  FROM items i LEFT JOIN orders o ON i.order_id = o.order_id GROUP BY o.status, o.order_id, o.amount
) AS once GROUP BY status
