SELECT
  "orders".order_id AS "orders_order_id"
FROM orders AS "orders"
WHERE ("orders".order_id > 0) AND ((
  (NOT (("orders".ordered_at) >= ('2026-11-22 15:00:00') AND ("orders".ordered_at) <= ('2026-11-23 14:59:59')))
))
LIMIT 500
SETTINGS join_use_nulls = 1
