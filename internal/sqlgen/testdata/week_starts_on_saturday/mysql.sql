SELECT
  `orders`.order_id AS `orders_order_id`,
  DATE_SUB(DATE(`orders`.ordered_at), INTERVAL MOD(WEEKDAY(`orders`.ordered_at) + 2, 7) DAY) AS `orders_ordered_at_week`
FROM orders AS `orders`
WHERE (`orders`.order_id > 0)
LIMIT 500
