SELECT o.status, SUM(o.amount), COUNT(*), AVG(o.amount), MAX(o.amount),
  SUM((SELECT SUM(i.quantity) FROM items i WHERE i.order_id = o.order_id))
FROM orders o GROUP BY o.status
