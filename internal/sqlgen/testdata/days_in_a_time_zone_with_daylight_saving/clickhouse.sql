SELECT
  date_trunc('day', toDateTime64(toString(toTimeZone("orders".ordered_at, 'Europe/Berlin')), 3, 'UTC')) AS "orders_ordered_at_day",
  COUNT(*) AS "orders_order_count"
FROM orders AS "orders"
WHERE ("orders".order_id > 0)
GROUP BY 1
LIMIT 500
SETTINGS join_use_nulls = 1
