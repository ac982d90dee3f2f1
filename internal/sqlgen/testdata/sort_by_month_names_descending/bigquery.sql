WITH metrics AS (
  SELECT
    FORMAT_DATETIME('%B', `orders`.ordered_at) AS `orders_ordered_at_month_name`,
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
    WHEN `orders_ordered_at_month_name` = 'January' THEN 1
    WHEN `orders_ordered_at_month_name` = 'February' THEN 2
    WHEN `orders_ordered_at_month_name` = 'March' THEN 3
    WHEN `orders_ordered_at_month_name` = 'April' THEN 4
    WHEN `orders_ordered_at_month_name` = 'May' THEN 5
    WHEN `orders_ordered_at_month_name` = 'June' THEN 6
    WHEN `orders_ordered_at_month_name` = 'July' THEN 7
    WHEN `orders_ordered_at_month_name` = 'August' THEN 8
    WHEN `orders_ordered_at_month_name` = 'September' THEN 9
    WHEN `orders_ordered_at_month_name` = 'October' THEN 10
    WHEN `orders_ordered_at_month_name` = 'November' THEN 11
    WHEN `orders_ordered_at_month_name` = 'December' THEN 12
    ELSE 0
  END
) DESC
LIMIT 500
