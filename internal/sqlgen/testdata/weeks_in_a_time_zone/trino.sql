SELECT
  (DATE_TRUNC('WEEK', (CAST(CAST("orders".ordered_at AS TIMESTAMP WITH TIME ZONE) AT TIME ZONE 'America/New_York' AS TIMESTAMP) - interval '6' day)) + interval '6' day) AS "orders_ordered_at_week",
  COUNT(*) AS "orders_order_count"
FROM orders AS "orders"
WHERE ("orders".order_id > 0)
GROUP BY 1
LIMIT 500
