SELECT
  (DATE_TRUNC('WEEK', ((CAST("orders".ordered_at AS TIMESTAMPTZ) AT TIME ZONE 'America/New_York') - INTERVAL '6 days')) + INTERVAL '6 days') AS "orders_ordered_at_week",
  COUNT(*) AS "orders_order_count"
FROM orders AS "orders"
WHERE ("orders".order_id > 0)
GROUP BY 1
LIMIT 500
