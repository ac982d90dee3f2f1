SELECT
  "orders".order_id AS "orders_order_id",
  DATE_PART('HOUR', (CAST("orders".ordered_at AS TIMESTAMPTZ) AT TIME ZONE 'America/Bogota')) AS "orders_ordered_at_hour_of_day_num",
  DATE_PART('DAY', (CAST("orders".ordered_at AS TIMESTAMPTZ) AT TIME ZONE 'America/Bogota')) AS "orders_ordered_at_day_of_month_num"
FROM orders AS "orders"
WHERE ("orders".order_id > 0)
LIMIT 500
