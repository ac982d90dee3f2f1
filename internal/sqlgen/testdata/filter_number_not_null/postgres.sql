SELECT
  "orders".order_id AS "orders_order_id"
FROM orders AS "orders"
WHERE ("orders".order_id > 0) AND ((
  ("orders".amount) IS NOT NULL
))
LIMIT 500
