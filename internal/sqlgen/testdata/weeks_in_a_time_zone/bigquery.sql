SELECT
  TIMESTAMP_TRUNC(DATETIME(`orders`.ordered_at, 'America/New_York'), WEEK(SUNDAY)) AS `orders_ordered_at_week`,
  COUNT(*) AS `orders_order_count`
FROM orders AS `orders`
WHERE (`orders`.order_id > 0)
GROUP BY 1
LIMIT 500
