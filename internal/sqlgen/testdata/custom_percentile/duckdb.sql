SELECT
  "orders".paid AS "orders_paid",
  PERCENTILE_CONT(0.25) WITHIN GROUP (ORDER BY CAST("orders".amount AS DOUBLE)) AS "orders_p"
FROM orders AS "orders"
WHERE ("orders".order_id > 0)
GROUP BY 1
LIMIT 500
