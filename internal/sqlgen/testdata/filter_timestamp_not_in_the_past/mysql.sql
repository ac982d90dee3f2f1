SELECT
  `orders`.order_id AS `orders_order_id`
FROM orders AS `orders`
WHERE (`orders`.order_id > 0) AND ((
  NOT ((`orders`.ordered_at) >= ('2023-11-23 08:45:55') AND (`orders`.ordered_at) <= ('2026-11-23 08:45:55'))
))
LIMIT 500
