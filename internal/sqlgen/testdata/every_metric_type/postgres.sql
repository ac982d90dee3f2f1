SELECT
  "orders".status AS "orders_status",
  SUM("orders".amount) AS "orders_revenue",
  COUNT(*) AS "orders_order_count",
  COUNT(DISTINCT "orders".customer_id) AS "orders_buyers",
  AVG(("orders".amount)::DOUBLE PRECISION) AS "orders_average_amount",
  MIN("orders".amount) AS "orders_smallest",
  MAX("orders".amount) AS "orders_largest",
  (SUM(CASE WHEN (("orders".paid) = true AND (("orders".status) NOT IN ('open') OR ("orders".status) IS NULL)) THEN ("orders".amount) ELSE NULL END)) / NULLIF((SUM("orders".amount)), 0) AS "orders_share_paid"
FROM orders AS "orders"
WHERE ("orders".order_id > 0)
GROUP BY 1
LIMIT 500
