SELECT
  "orders".order_id AS "orders_order_id"
FROM orders AS "orders"
WHERE ("orders".order_id > 0) AND ((
  (("orders".amount) >= (1) AND ("orders".amount) <= (20))
) AND (
  (NOT (("orders".amount) >= (3) AND ("orders".amount) <= (4)))
))
LIMIT 500
