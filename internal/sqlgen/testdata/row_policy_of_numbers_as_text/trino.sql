SELECT
  "orders".order_id AS "orders_order_id"
FROM (
  SELECT * FROM orders AS "orders"
  WHERE "orders"."account_id" IN ('8')
) AS "orders"
WHERE ("orders".order_id > 0)
LIMIT 500
