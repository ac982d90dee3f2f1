SELECT
  NULL
FROM orders AS "orders"
WHERE ("orders".order_id > 0)
LIMIT 500
