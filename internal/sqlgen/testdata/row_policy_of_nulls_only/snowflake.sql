SELECT
  "orders".order_id AS "orders_order_id"
FROM (
  SELECT * FROM orders AS "orders"
  WHERE "orders"."ACCOUNT_ID" IS NULL
) AS "orders"
WHERE ("orders".order_id > 0)
LIMIT 500
