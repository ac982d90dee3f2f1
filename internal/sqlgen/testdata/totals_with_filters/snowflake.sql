SELECT
  SUM("orders".amount) AS "orders_revenue",
  COUNT(DISTINCT "orders".customer_id) AS "orders_buyers"
FROM orders AS "orders"
WHERE ("orders".order_id > 0) AND ((
  ("orders".paid) = true
))
LIMIT 500
