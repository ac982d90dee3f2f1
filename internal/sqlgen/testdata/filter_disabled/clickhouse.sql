SELECT
  "orders".status AS "orders_status"
FROM orders AS "orders"
WHERE ("orders".order_id > 0) AND ((
  1=1
))
GROUP BY 1
LIMIT 500
SETTINGS join_use_nulls = 1
