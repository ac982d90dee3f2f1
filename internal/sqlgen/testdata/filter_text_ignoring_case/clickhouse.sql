SELECT
  "orders".status AS "orders_status_folded"
FROM orders AS "orders"
WHERE ("orders".order_id > 0) AND ((
  LOWER("orders".status) IN (LOWER('DONE'),LOWER('Open'))
) AND (
  LOWER("orders".status) LIKE LOWER('D%')
))
GROUP BY 1
LIMIT 500
SETTINGS join_use_nulls = 1
