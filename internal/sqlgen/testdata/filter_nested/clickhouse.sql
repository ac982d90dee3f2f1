SELECT
  "orders".status AS "orders_status"
FROM orders AS "orders"
WHERE ("orders".order_id > 0) AND ((((
  ("orders".order_id) < (3)
) AND ((
  ("orders".status) IN ('open')
) OR (
  ("orders".status) IN ('done')
))) OR (
  ("orders".order_id) IN (3)
)))
GROUP BY 1
LIMIT 500
SETTINGS join_use_nulls = 1
