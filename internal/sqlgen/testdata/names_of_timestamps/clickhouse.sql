SELECT
  dateName('weekday', "orders".ordered_at) AS "orders_ordered_at_day_of_week_name",
  dateName('month', "orders".ordered_at) AS "orders_ordered_at_month_name",
  concat('Q', toString(toQuarter("orders".ordered_at))) AS "orders_ordered_at_quarter_name",
  COUNT(*) AS "orders_order_count"
FROM orders AS "orders"
WHERE ("orders".order_id > 0)
GROUP BY 1,2,3
LIMIT 500
SETTINGS join_use_nulls = 1
