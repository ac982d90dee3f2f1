SELECT
  DATE_TRUNC('MONTH', FROM_UTC_TIMESTAMP(`orders`.ordered_at, 'Europe/Berlin')) AS `orders_ordered_at_month`,
  DATE_TRUNC('HOUR', FROM_UTC_TIMESTAMP(`orders`.ordered_at, 'Europe/Berlin')) AS `orders_ordered_at_hour`,
  SUM(`orders`.amount) AS `orders_revenue`
FROM orders AS `orders`
WHERE (`orders`.order_id > 0)
GROUP BY 1,2
LIMIT 500
