SELECT
  "orders".order_id AS "orders_order_id"
FROM orders AS "orders"
WHERE ("orders".order_id > 0) AND ((
  (NOT (("orders".ordered_at) >= CAST('2024-03-01 00:00:00' AS timestamp) AND ("orders".ordered_at) <= CAST('2024-12-31 00:00:00' AS timestamp)))
))
LIMIT 500
