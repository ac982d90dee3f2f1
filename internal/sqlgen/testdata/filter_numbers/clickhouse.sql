SELECT
  "orders".order_id AS "orders_order_id"
FROM orders AS "orders"
WHERE ("orders".order_id > 0) AND ((
  ("orders".amount) IN (1,2.5)
) AND (
  (("orders".amount) NOT IN (-3) OR ("orders".amount) IS NULL)
) AND (
  ("orders".amount) > (1e+21)
) AND (
  ("orders".order_id) <= (0)
))
LIMIT 500
SETTINGS join_use_nulls = 1
