SELECT
  "orders".order_id AS "orders_order_id"
FROM orders AS "orders"
WHERE ("orders".order_id > 0) AND ((
  (NOT (("orders".amount) >= (7) AND ("orders".amount) <= (15)))
))
LIMIT 500
