SELECT
  DATE_TRUNC('WEEK', CONVERT_TIMEZONE('UTC', 'America/New_York', TO_TIMESTAMP_NTZ(CONVERT_TIMEZONE('UTC', "orders".ordered_at)))) AS "orders_ordered_at_week",
  COUNT(*) AS "orders_order_count"
FROM orders AS "orders"
WHERE ("orders".order_id > 0)
GROUP BY 1
LIMIT 500
