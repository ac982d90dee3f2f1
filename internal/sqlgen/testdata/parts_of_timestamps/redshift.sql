SELECT
  DATE_PART('WEEK', "orders".ordered_at) AS "orders_ordered_at_week_num",
  DATE_PART('MONTH', "orders".ordered_at) AS "orders_ordered_at_month_num",
  DATE_PART('QUARTER', "orders".ordered_at) AS "orders_ordered_at_quarter_num",
  DATE_PART('YEAR', "orders".ordered_at) AS "orders_ordered_at_year_num",
  DATE_PART('DOW', "orders".ordered_at) AS "orders_ordered_at_day_of_week_index",
  DATE_PART('DAY', "orders".ordered_at) AS "orders_ordered_at_day_of_month_num",
  DATE_PART('DOY', "orders".ordered_at) AS "orders_ordered_at_day_of_year_num",
  DATE_PART('HOUR', "orders".ordered_at) AS "orders_ordered_at_hour_of_day_num",
  DATE_PART('MINUTE', "orders".ordered_at) AS "orders_ordered_at_minute_of_hour_num",
  COUNT(*) AS "orders_order_count"
FROM orders AS "orders"
WHERE ("orders".order_id > 0)
GROUP BY 1,2,3,4,5,6,7,8,9
LIMIT 500
