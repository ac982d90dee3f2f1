SELECT
  date_trunc('month', toDateTime64(toString(toTimeZone("orders".ordered_at, 'Europe/Berlin')), 3, 'UTC')) AS "orders_ordered_at_month",
  date_trunc('hour', toDateTime64(toString(toTimeZone("orders".ordered_at, 'Europe/Berlin')), 3, 'UTC')) AS "orders_ordered_at_hour",
  SUM("orders".amount) AS "orders_revenue"
FROM orders AS "orders"
WHERE ("orders".order_id > 0)
GROUP BY 1,2
LIMIT 500
SETTINGS join_use_nulls = 1
