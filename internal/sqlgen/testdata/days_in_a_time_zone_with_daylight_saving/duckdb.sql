SELECT
  CAST((CAST("orders".ordered_at AS TIMESTAMPTZ) AT TIME ZONE 'Europe/Berlin') AS DATE) AS "orders_ordered_at_day",
  COUNT(*) AS "orders_order_count"
FROM orders AS "orders"
WHERE ("orders".order_id > 0)
GROUP BY 1
LIMIT 500
