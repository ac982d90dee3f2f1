SELECT
  DATEADD(DAY, 6, DATE_TRUNC('WEEK', DATEADD(DAY, -6, FROM_UTC_TIMESTAMP(`orders`.ordered_at, 'America/New_York')))) AS `orders_ordered_at_week`,
  COUNT(*) AS `orders_order_count`
FROM orders AS `orders`
WHERE (`orders`.order_id > 0)
GROUP BY 1
LIMIT 500
