SELECT
  `orders`.order_id AS `orders_order_id`
FROM orders AS `orders`
WHERE (`orders`.order_id > 0) AND ((
  (FORMAT_DATETIME('%A', `orders`.ordered_at)) IN ('Sunday')
))
LIMIT 500
