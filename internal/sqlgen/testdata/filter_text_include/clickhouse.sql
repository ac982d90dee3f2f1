SELECT
  "orders".status AS "orders_status"
FROM orders AS "orders"
WHERE ("orders".order_id > 0) AND ((
  (LOWER("orders".status) LIKE LOWER('%A%')
  OR
  LOWER("orders".status) LIKE LOWER('%50\\%\\_off%')
  OR
  LOWER("orders".status) LIKE LOWER('%back\\\\slash%'))
))
GROUP BY 1
LIMIT 500
SETTINGS join_use_nulls = 1
