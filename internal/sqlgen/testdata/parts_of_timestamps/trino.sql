SELECT
  EXTRACT(WEEK FROM "orders".ordered_at) AS "orders_ordered_at_week_num",
  EXTRACT(MONTH FROM "orders".ordered_at) AS "orders_ordered_at_month_num",
  EXTRACT(QUARTER FROM "orders".ordered_at) AS "orders_ordered_at_quarter_num",
  EXTRACT(YEAR FROM "orders".ordered_at) AS "orders_ordered_at_year_num",
  EXTRACT(DOW FROM "orders".ordered_at) AS "orders_ordered_at_day_of_week_index",
  EXTRACT(DAY FROM "orders".ordered_at) AS "orders_ordered_at_day_of_month_num",
  EXTRACT(DOY FROM "orders".ordered_at) AS "orders_ordered_at_day_of_year_num",
  EXTRACT(HOUR FROM "orders".ordered_at) AS "orders_ordered_at_hour_of_day_num",
  EXTRACT(MINUTE FROM "orders".ordered_at) AS "orders_ordered_at_minute_of_hour_num",
  COUNT(*) AS "orders_order_count"
FROM orders AS "orders"
WHERE ("orders".order_id > 0)
GROUP BY 1,2,3,4,5,6,7,8,9
LIMIT 500
