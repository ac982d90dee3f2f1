SELECT
  "orders".order_id AS "orders_order_id",
  TO_CHAR(CONVERT_TIMEZONE('UTC', 'Pacific/Auckland', TO_TIMESTAMP_NTZ(CONVERT_TIMEZONE('UTC', "orders".ordered_at))), 'MMMM') AS "orders_ordered_at_month_name"
FROM orders AS "orders"
WHERE ("orders".order_id > 0)
LIMIT 500
