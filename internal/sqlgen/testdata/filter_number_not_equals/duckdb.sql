SELECT
  "orders".order_id AS "orders_order_id"
FROM orders AS "orders"
WHERE ("orders".order_id > 0) AND ((
  (("orders".amount) NOT IN (10.5) OR ("orders".amount) IS NULL)
))
LIMIT 500
