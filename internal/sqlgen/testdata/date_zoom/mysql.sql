SELECT
  DATE_SUB(DATE(`orders`.ordered_at), INTERVAL MOD(WEEKDAY(`orders`.ordered_at) + 7, 7) DAY) AS `orders_ordered_at_month`,
  SUM(`orders`.amount) AS `orders_revenue`
FROM orders AS `orders`
WHERE (`orders`.order_id > 0)
GROUP BY 1
LIMIT 500
