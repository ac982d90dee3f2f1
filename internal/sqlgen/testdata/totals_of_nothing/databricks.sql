SELECT
  SUM(`orders`.amount) AS `orders_revenue`,
  COUNT(*) AS `orders_order_count`
FROM orders AS `orders`
WHERE (`orders`.order_id > 0) AND ((
  (`orders`.amount) > (1000000)
))
LIMIT 500
