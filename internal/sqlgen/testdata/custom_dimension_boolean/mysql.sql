SELECT
  ((`orders`.amount) > 10) AS `big`,
  COUNT(*) AS `orders_order_count`
FROM orders AS `orders`
WHERE (`orders`.order_id > 0) AND ((
  ((`orders`.amount) > 10) = true
))
GROUP BY 1
LIMIT 500
