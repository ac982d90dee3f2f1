SELECT
  "orders".order_id AS "orders_order_id",
  (DATE_TRUNC('WEEK', ("orders".ordered_at - interval '3 days')) + interval '3 days') AS "orders_ordered_at_week"
FROM orders AS "orders"
WHERE ("orders".order_id > 0)
LIMIT 500
