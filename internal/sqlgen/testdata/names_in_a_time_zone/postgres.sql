SELECT
  "orders".order_id AS "orders_order_id",
  TO_CHAR((CAST("orders".ordered_at AS TIMESTAMPTZ) AT TIME ZONE 'Pacific/Auckland'), 'FMMonth') AS "orders_ordered_at_month_name"
FROM orders AS "orders"
WHERE ("orders".order_id > 0)
LIMIT 500
