SELECT
  `orders`.order_id AS `orders_order_id`,
  TIMESTAMP_TRUNC(`orders`.ordered_at, WEEK(THURSDAY)) AS `orders_ordered_at_week`
FROM orders AS `orders`
WHERE (`orders`.order_id > 0)
LIMIT 500
