SELECT
  `orders`.ordered_at AS `orders_ordered_at_raw`,
  TIMESTAMP_TRUNC(`orders`.ordered_at, MILLISECOND) AS `orders_ordered_at_millisecond`,
  TIMESTAMP_TRUNC(`orders`.ordered_at, SECOND) AS `orders_ordered_at_second`,
  TIMESTAMP_TRUNC(`orders`.ordered_at, MINUTE) AS `orders_ordered_at_minute`,
  TIMESTAMP_TRUNC(`orders`.ordered_at, HOUR) AS `orders_ordered_at_hour`,
  TIMESTAMP_TRUNC(`orders`.ordered_at, DAY) AS `orders_ordered_at_day`,
  TIMESTAMP_TRUNC(`orders`.ordered_at, WEEK) AS `orders_ordered_at_week`,
  TIMESTAMP_TRUNC(`orders`.ordered_at, MONTH) AS `orders_ordered_at_month`,
  TIMESTAMP_TRUNC(`orders`.ordered_at, QUARTER) AS `orders_ordered_at_quarter`,
  TIMESTAMP_TRUNC(`orders`.ordered_at, YEAR) AS `orders_ordered_at_year`,
  COUNT(*) AS `orders_order_count`
FROM orders AS `orders`
WHERE (`orders`.order_id > 0)
GROUP BY 1,2,3,4,5,6,7,8,9,10
LIMIT 500
