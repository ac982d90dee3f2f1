SELECT
  "orders".ordered_at AS "orders_ordered_at_raw",
  date_trunc('millisecond', "orders".ordered_at) AS "orders_ordered_at_millisecond",
  date_trunc('second', "orders".ordered_at) AS "orders_ordered_at_second",
  date_trunc('minute', "orders".ordered_at) AS "orders_ordered_at_minute",
  date_trunc('hour', "orders".ordered_at) AS "orders_ordered_at_hour",
  date_trunc('day', "orders".ordered_at) AS "orders_ordered_at_day",
  date_trunc('week', "orders".ordered_at) AS "orders_ordered_at_week",
  date_trunc('month', "orders".ordered_at) AS "orders_ordered_at_month",
  date_trunc('quarter', "orders".ordered_at) AS "orders_ordered_at_quarter",
  date_trunc('year', "orders".ordered_at) AS "orders_ordered_at_year",
  COUNT(*) AS "orders_order_count"
FROM orders AS "orders"
WHERE ("orders".order_id > 0)
GROUP BY 1,2,3,4,5,6,7,8,9,10
LIMIT 500
SETTINGS join_use_nulls = 1
