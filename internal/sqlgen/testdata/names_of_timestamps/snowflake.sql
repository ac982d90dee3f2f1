SELECT
  DECODE(TO_CHAR(TO_TIMESTAMP_NTZ(CONVERT_TIMEZONE('UTC', "orders".ordered_at)), 'DY'), 'Mon', 'Monday', 'Tue', 'Tuesday', 'Wed', 'Wednesday', 'Thu', 'Thursday', 'Fri', 'Friday', 'Sat', 'Saturday', 'Sun', 'Sunday') AS "orders_ordered_at_day_of_week_name",
  TO_CHAR(TO_TIMESTAMP_NTZ(CONVERT_TIMEZONE('UTC', "orders".ordered_at)), 'MMMM') AS "orders_ordered_at_month_name",
  CONCAT('Q', DATE_PART('QUARTER', TO_TIMESTAMP_NTZ(CONVERT_TIMEZONE('UTC', "orders".ordered_at)))) AS "orders_ordered_at_quarter_name",
  COUNT(*) AS "orders_order_count"
FROM orders AS "orders"
WHERE ("orders".order_id > 0)
GROUP BY 1,2,3
LIMIT 500
