SELECT
  NULL
FROM orders AS "orders"
WHERE ("orders".order_id > 0)
LIMIT 500
SETTINGS join_use_nulls = 1
