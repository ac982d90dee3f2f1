SELECT
  "orders".order_id AS "orders_order_id"
FROM orders AS "orders"
WHERE ("orders".order_id > 0) AND ((
  (("orders".ordered_at) >= CAST('2024-02-29 23:00:00' AS timestamp) AND ("orders".ordered_at) <= CAST('2024-03-31 23:59:59' AS timestamp))
))
LIMIT 500
