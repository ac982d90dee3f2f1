SELECT
  DATE(DATE_FORMAT(`orders`.ordered_at, '%Y-%m-01')) AS `orders_ordered_at_day`,
  SUM(`orders`.amount) AS `orders_revenue`
FROM orders AS `orders`
WHERE (`orders`.order_id > 0) AND ((
  (DATE(DATE_FORMAT(`orders`.ordered_at, '%Y-%m-01'))) > ('2024-03-01')
))
GROUP BY 1
ORDER BY `orders_ordered_at_day` DESC
LIMIT 500
