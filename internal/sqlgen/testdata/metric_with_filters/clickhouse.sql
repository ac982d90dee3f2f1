SELECT
  "orders".status AS "orders_status",
  SUM(CASE WHEN (("orders".paid) = true AND (("orders".status) NOT IN ('open') OR ("orders".status) IS NULL)) THEN ("orders".amount) ELSE NULL END) AS "orders_paid_revenue"
FROM orders AS "orders"
WHERE ("orders".order_id > 0)
GROUP BY 1
LIMIT 500
SETTINGS join_use_nulls = 1
