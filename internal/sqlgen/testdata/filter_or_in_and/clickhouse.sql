SELECT
  "orders".order_id AS "orders_order_id"
FROM orders AS "orders"
WHERE ("orders".order_id > 0) AND ((
  ("orders".paid) = true
) AND ((
  ("orders".amount) < (0)
) OR (
  ("orders".amount) > (100)
)))
LIMIT 500
SETTINGS join_use_nulls = 1
