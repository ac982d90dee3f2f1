SELECT
  "orders".order_id AS "orders_order_id"
FROM orders AS "orders"
WHERE ("orders".order_id > 0) AND ((
  ("orders".ordered_at) = CAST('2024-03-01 10:11:12' AS timestamp)
))
LIMIT 500
