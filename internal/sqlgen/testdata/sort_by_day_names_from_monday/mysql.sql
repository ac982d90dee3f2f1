WITH metrics AS (
  SELECT
    DAYNAME(`orders`.ordered_at) AS `orders_ordered_at_day_of_week_name`,
    SUM(`orders`.amount) AS `orders_revenue`
  FROM orders AS `orders`
  WHERE (`orders`.order_id > 0)
  GROUP BY 1
)
SELECT
  *
FROM metrics
ORDER BY (
  CASE
    WHEN `orders_ordered_at_day_of_week_name` = 'Monday' THEN 1
    WHEN `orders_ordered_at_day_of_week_name` = 'Tuesday' THEN 2
    WHEN `orders_ordered_at_day_of_week_name` = 'Wednesday' THEN 3
    WHEN `orders_ordered_at_day_of_week_name` = 'Thursday' THEN 4
    WHEN `orders_ordered_at_day_of_week_name` = 'Friday' THEN 5
    WHEN `orders_ordered_at_day_of_week_name` = 'Saturday' THEN 6
    WHEN `orders_ordered_at_day_of_week_name` = 'Sunday' THEN 7
    ELSE 0
  END
)
LIMIT 500
