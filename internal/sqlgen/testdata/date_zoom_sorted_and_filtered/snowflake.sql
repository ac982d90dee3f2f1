SELECT
  DATE_TRUNC('MONTH', TO_TIMESTAMP_NTZ(CONVERT_TIMEZONE('UTC', "orders".ordered_at))) AS "orders_ordered_at_day",
  SUM("orders".amount) AS "orders_revenue"
FROM orders AS "orders"
WHERE ("orders".order_id > 0) AND ((
  (DATE_TRUNC('MONTH', TO_TIMESTAMP_NTZ(CONVERT_TIMEZONE('UTC', "orders".ordered_at)))) > ('2024-03-01')
))
GROUP BY 1
ORDER BY "orders_ordered_at_day" DESC
LIMIT 500
