SELECT
  `orders`.ordered_at AS `orders_ordered_at_raw`,
  DATE_SUB(`orders`.ordered_at, INTERVAL MICROSECOND(`orders`.ordered_at) % 1000 MICROSECOND) AS `orders_ordered_at_millisecond`,
  CAST(DATE_FORMAT(`orders`.ordered_at, '%Y-%m-%d %H:%i:%s') AS DATETIME) AS `orders_ordered_at_second`,
  CAST(DATE_FORMAT(`orders`.ordered_at, '%Y-%m-%d %H:%i:00') AS DATETIME) AS `orders_ordered_at_minute`,
  CAST(DATE_FORMAT(`orders`.ordered_at, '%Y-%m-%d %H:00:00') AS DATETIME) AS `orders_ordered_at_hour`,
  DATE(`orders`.ordered_at) AS `orders_ordered_at_day`,
  DATE_SUB(DATE(`orders`.ordered_at), INTERVAL MOD(WEEKDAY(`orders`.ordered_at) + 7, 7) DAY) AS `orders_ordered_at_week`,
  DATE(DATE_FORMAT(`orders`.ordered_at, '%Y-%m-01')) AS `orders_ordered_at_month`,
  DATE_ADD(MAKEDATE(YEAR(`orders`.ordered_at), 1), INTERVAL QUARTER(`orders`.ordered_at) - 1 QUARTER) AS `orders_ordered_at_quarter`,
  MAKEDATE(YEAR(`orders`.ordered_at), 1) AS `orders_ordered_at_year`,
  COUNT(*) AS `orders_order_count`
FROM orders AS `orders`
WHERE (`orders`.order_id > 0)
GROUP BY 1,2,3,4,5,6,7,8,9,10
LIMIT 500
