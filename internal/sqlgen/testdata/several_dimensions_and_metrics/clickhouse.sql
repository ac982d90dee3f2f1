SELECT
  "orders".status AS "orders_status",
  "orders".paid AS "orders_paid",
  SUM("orders".amount) AS "orders_revenue",
  COUNT(DISTINCT "orders".customer_id) AS "orders_buyers"
FROM orders AS "orders"
WHERE ("orders".order_id > 0)
GROUP BY 1,2
ORDER BY "orders_revenue" DESC, "orders_status"
LIMIT 500
SETTINGS join_use_nulls = 1
