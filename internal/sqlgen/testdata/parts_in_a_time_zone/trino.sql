SELECT
  "orders".order_id AS "orders_order_id",
  EXTRACT(HOUR FROM CAST(CAST("orders".ordered_at AS TIMESTAMP WITH TIME ZONE) AT TIME ZONE 'America/Bogota' AS TIMESTAMP)) AS "orders_ordered_at_hour_of_day_num",
  EXTRACT(DAY FROM CAST(CAST("orders".ordered_at AS TIMESTAMP WITH TIME ZONE) AT TIME ZONE 'America/Bogota' AS TIMESTAMP)) AS "orders_ordered_at_day_of_month_num"
FROM orders AS "orders"
WHERE ("orders".order_id > 0)
LIMIT 500
