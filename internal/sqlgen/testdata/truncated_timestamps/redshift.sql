SELECT
  "orders".ordered_at AS "orders_ordered_at_raw",
  DATE_TRUNC('MILLISECOND', "orders".ordered_at) AS "orders_ordered_at_millisecond",
  DATE_TRUNC('SECOND', "orders".ordered_at) AS "orders_ordered_at_second",
  DATE_TRUNC('MINUTE', "orders".ordered_at) AS "orders_ordered_at_minute",
  DATE_TRUNC('HOUR', "orders".ordered_at) AS "orders_ordered_at_hour",
  DATE_TRUNC('DAY', "orders".ordered_at) AS "orders_ordered_at_day",
  DATE_TRUNC('WEEK', "orders".ordered_at) AS "orders_ordered_at_week",
  DATE_TRUNC('MONTH', "orders".ordered_at) AS "orders_ordered_at_month",
  DATE_TRUNC('QUARTER', "orders".ordered_at) AS "orders_ordered_at_quarter",
  DATE_TRUNC('YEAR', "orders".ordered_at) AS "orders_ordered_at_year",
  COUNT(*) AS "orders_order_count"
FROM orders AS "orders"
WHERE ("orders".order_id > 0)
GROUP BY 1,2,3,4,5,6,7,8,9,10
LIMIT 500
