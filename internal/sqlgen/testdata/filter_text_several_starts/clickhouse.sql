SELECT
  "orders".order_id AS "orders_order_id"
FROM orders AS "orders"
WHERE ("orders".order_id > 0) AND ((
  ("orders".status) LIKE 'do%'
  OR
  ("orders".status) LIKE '50\\%%'
) AND (
  ("orders".amount) < (9)
))
LIMIT 500
SETTINGS join_use_nulls = 1
