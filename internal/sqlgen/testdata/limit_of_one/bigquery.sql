SELECT
  `orders`.order_id AS `orders_order_id`
FROM orders AS `orders`
WHERE (`orders`.order_id > 0)
ORDER BY `orders_order_id` DESC
LIMIT 1
