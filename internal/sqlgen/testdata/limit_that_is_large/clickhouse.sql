SELECT
  "orders".order_id AS "orders_order_id"
FROM orders AS "orders"
WHERE ("orders".order_id > 0)
LIMIT 5000
SETTINGS join_use_nulls = 1
