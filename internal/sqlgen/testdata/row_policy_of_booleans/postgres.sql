SELECT
  "orders".order_id AS "orders_order_id"
FROM (
  SELECT * FROM orders AS "orders"
  WHERE "orders"."paid" IN (true)
) AS "orders"
WHERE ("orders".order_id > 0)
LIMIT 500
