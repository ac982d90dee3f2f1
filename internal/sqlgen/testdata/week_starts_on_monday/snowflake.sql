SELECT
  "orders".order_id AS "orders_order_id",
  DATE_TRUNC('WEEK', TO_TIMESTAMP_NTZ(CONVERT_TIMEZONE('UTC', "orders".ordered_at))) AS "orders_ordered_at_week"
FROM orders AS "orders"
WHERE ("orders".order_id > 0)
LIMIT 500
