SELECT o.status, PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY o.amount),
  (SELECT COUNT(*) FROM items i JOIN orders p ON p.order_id = i.order_id WHERE p.status IS NOT DISTINCT FROM o.status)
FROM orders o GROUP BY o.status
