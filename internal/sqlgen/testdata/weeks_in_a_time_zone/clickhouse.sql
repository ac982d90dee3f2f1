SELECT
  addDays(date_trunc('week', subtractDays(toDateTime64(toString(toTimeZone("orders".ordered_at, 'America/New_York')), 3, 'UTC'), 6)), 6) AS "orders_ordered_at_week",
  COUNT(*) AS "orders_order_count"
FROM orders AS "orders"
WHERE ("orders".order_id > 0)
GROUP BY 1
LIMIT 500
SETTINGS join_use_nulls = 1
