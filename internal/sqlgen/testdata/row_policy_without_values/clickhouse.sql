SELECT
  "orders".status AS "orders_status"
FROM (
  SELECT * FROM orders AS "orders"
  WHERE 1 = 0
) AS "orders"
WHERE ("orders".order_id > 0)
GROUP BY 1
LIMIT 500
SETTINGS join_use_nulls = 1
