SELECT
  "orders".status AS "orders_status",
  MIN("orders".amount) AS "orders_smallest"
FROM orders AS "orders"
WHERE ("orders".order_id > 0)
GROUP BY 1
LIMIT 500
SETTINGS join_use_nulls = 1
