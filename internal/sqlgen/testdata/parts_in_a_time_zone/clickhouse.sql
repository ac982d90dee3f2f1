SELECT
  "orders".order_id AS "orders_order_id",
  EXTRACT(HOUR FROM toDateTime64(toString(toTimeZone("orders".ordered_at, 'America/Bogota')), 3, 'UTC')) AS "orders_ordered_at_hour_of_day_num",
  EXTRACT(DAY FROM toDateTime64(toString(toTimeZone("orders".ordered_at, 'America/Bogota')), 3, 'UTC')) AS "orders_ordered_at_day_of_month_num"
FROM orders AS "orders"
WHERE ("orders".order_id > 0)
LIMIT 500
SETTINGS join_use_nulls = 1
