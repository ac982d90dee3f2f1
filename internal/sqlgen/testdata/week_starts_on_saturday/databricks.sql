SELECT
  `orders`.order_id AS `orders_order_id`,
  DATEADD(DAY, 5, DATE_TRUNC('WEEK', DATEADD(DAY, -5, `orders`.ordered_at))) AS `orders_ordered_at_week`
FROM orders AS `orders`
WHERE (`orders`.order_id > 0)
LIMIT 500
