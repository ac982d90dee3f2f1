SELECT
  "orders".status AS "orders_status",
  PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY "orders".amount) AS "orders_median_amount"
FROM orders AS "orders"
WHERE ("orders".order_id > 0)
GROUP BY 1
LIMIT 500
