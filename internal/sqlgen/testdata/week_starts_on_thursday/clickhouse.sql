SELECT
  "orders".order_id AS "orders_order_id",
  addDays(date_trunc('week', subtractDays("orders".ordered_at, 3)), 3) AS "orders_ordered_at_week"
FROM orders AS "orders"
WHERE ("orders".order_id > 0)
LIMIT 500
SETTINGS join_use_nulls = 1
