SELECT
  "orders".status AS "orders_status"
FROM orders AS "orders"
WHERE ("orders".order_id > 0) AND ((
  ("orders".status) LIKE 'a%'
  OR
  ("orders".status) LIKE 'b!%'
) AND (
  ("orders".status) LIKE '%\''
  OR
  ("orders".status) LIKE '%\\%'
))
GROUP BY 1
LIMIT 500
SETTINGS join_use_nulls = 1
