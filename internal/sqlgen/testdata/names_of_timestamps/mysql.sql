SELECT
  DAYNAME(`orders`.ordered_at) AS `orders_ordered_at_day_of_week_name`,
  MONTHNAME(`orders`.ordered_at) AS `orders_ordered_at_month_name`,
  CONCAT('Q', QUARTER(`orders`.ordered_at)) AS `orders_ordered_at_quarter_name`,
  COUNT(*) AS `orders_order_count`
FROM orders AS `orders`
WHERE (`orders`.order_id > 0)
GROUP BY 1,2,3
LIMIT 500
