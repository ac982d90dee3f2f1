SELECT
  PERCENTILE_CONT(0.9) WITHIN GROUP (ORDER BY "orders".amount) AS "orders_p90_amount"
FROM orders AS "orders"
WHERE ("orders".order_id > 0)
LIMIT 500
