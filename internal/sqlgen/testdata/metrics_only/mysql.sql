SELECT
  SUM(`orders`.amount) AS `orders_revenue`,
  COUNT(*) AS `orders_order_count`
FROM orders AS `orders`
WHERE (`orders`.order_id > 0)
LIMIT 500
