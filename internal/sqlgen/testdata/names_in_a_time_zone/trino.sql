SELECT
  "orders".order_id AS "orders_order_id",
  date_format(CAST(CAST("orders".ordered_at AS TIMESTAMP WITH TIME ZONE) AT TIME ZONE 'Pacific/Auckland' AS TIMESTAMP), '%M') AS "orders_ordered_at_month_name"
FROM orders AS "orders"
WHERE ("orders".order_id > 0)
LIMIT 500
