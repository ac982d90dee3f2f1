SELECT
  DATE_TRUNC('DAY', TO_TIMESTAMP_NTZ(CONVERT_TIMEZONE('UTC', "orders".ordered_at))) AS "orders_ordered_at_week",
  SUM("orders".amount) AS "orders_revenue"
FROM orders AS "orders"
WHERE ("orders".order_id > 0)
GROUP BY 1
LIMIT 500
