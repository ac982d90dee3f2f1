SELECT
  DATE_TRUNC('MONTH', CAST(CAST("orders".ordered_at AS TIMESTAMP WITH TIME ZONE) AT TIME ZONE 'Europe/Berlin' AS TIMESTAMP)) AS "orders_ordered_at_month",
  DATE_TRUNC('HOUR', CAST(CAST("orders".ordered_at AS TIMESTAMP WITH TIME ZONE) AT TIME ZONE 'Europe/Berlin' AS TIMESTAMP)) AS "orders_ordered_at_hour",
  SUM("orders".amount) AS "orders_revenue"
FROM orders AS "orders"
WHERE ("orders".order_id > 0)
GROUP BY 1,2
LIMIT 500
