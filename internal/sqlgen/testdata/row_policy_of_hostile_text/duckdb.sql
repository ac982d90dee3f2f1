SELECT
  "orders".order_id AS "orders_order_id"
FROM (
  SELECT * FROM orders AS "orders"
  WHERE "orders"."status" IN ('x'') OR 1=1 --', '\'') OR 1=1 --', ''' OR ''''=''')
) AS "orders"
WHERE ("orders".order_id > 0)
LIMIT 500
