SELECT
  "orders".order_id AS "orders_order_id",
  dateName('month', toDateTime64(toString(toTimeZone("orders".ordered_at, 'Pacific/Auckland')), 3, 'UTC')) AS "orders_ordered_at_month_name"
FROM orders AS "orders"
WHERE ("orders".order_id > 0)
LIMIT 500
SETTINGS join_use_nulls = 1
