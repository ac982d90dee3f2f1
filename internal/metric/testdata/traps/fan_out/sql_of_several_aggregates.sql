SELECT o.status, MAX(o.amount) - SUM(o.amount) / COUNT(*),
  (SELECT COUNT(*) FROM items i JOIN orders p ON p.order_id = i.order_id WHERE p.status IS NOT DISTINCT FROM o.status)
FROM orders o GROUP BY o.status
