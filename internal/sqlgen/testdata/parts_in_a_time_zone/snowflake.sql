SELECT
  "orders".order_id AS "orders_order_id",
  DATE_PART('HOUR', CONVERT_TIMEZONE('UTC', 'America/Bogota', TO_TIMESTAMP_NTZ(CONVERT_TIMEZONE('UTC', "orders".ordered_at)))) AS "orders_ordered_at_hour_of_day_num",
  DATE_PART('DAY', CONVERT_TIMEZONE('UTC', 'America/Bogota', TO_TIMESTAMP_NTZ(CONVERT_TIMEZONE('UTC', "orders".ordered_at)))) AS "orders_ordered_at_day_of_month_num"
FROM orders AS "orders"
WHERE ("orders".order_id > 0)
LIMIT 500
