SELECT
  DATE_ADD(MAKEDATE(YEAR(`orders`.ordered_at), 1), INTERVAL QUARTER(`orders`.ordered_at) - 1 QUARTER) AS `orders_ordered_at_week`,
  SUM(`orders`.amount) AS `orders_revenue`
FROM orders AS `orders`
WHERE (`orders`.order_id > 0)
GROUP BY 1
LIMIT 500
