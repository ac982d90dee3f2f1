SELECT
  TIMESTAMP_TRUNC(DATETIME(`orders`.ordered_at, 'Europe/Berlin'), MONTH) AS `orders_ordered_at_month`,
  TIMESTAMP_TRUNC(DATETIME(`orders`.ordered_at, 'Europe/Berlin'), HOUR) AS `orders_ordered_at_hour`,
  SUM(`orders`.amount) AS `orders_revenue`
FROM orders AS `orders`
WHERE (`orders`.order_id > 0)
GROUP BY 1,2
LIMIT 500
