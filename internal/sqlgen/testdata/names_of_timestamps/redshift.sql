SELECT
  TO_CHAR("orders".ordered_at, 'FMDay') AS "orders_ordered_at_day_of_week_name",
  TO_CHAR("orders".ordered_at, 'FMMonth') AS "orders_ordered_at_month_name",
  TO_CHAR("orders".ordered_at, 'FM"Q"Q') AS "orders_ordered_at_quarter_name",
  COUNT(*) AS "orders_order_count"
FROM orders AS "orders"
WHERE ("orders".order_id > 0)
GROUP BY 1,2,3
LIMIT 500
