SELECT
  "orders".status AS "orders_status",
  COUNT(DISTINCT "orders".customer_id) AS "orders_buyers"
FROM orders AS "orders"
WHERE ("orders".order_id > 0)
GROUP BY 1
LIMIT 500
