SELECT
  `orders`.order_id AS `orders_order_id`
FROM orders AS `orders`
WHERE (`orders`.order_id > 0) AND ((
  ((`orders`.ordered_at) >= ('2024-01-01 00:00:00') AND (`orders`.ordered_at) < ('2026-01-01 00:00:00'))
))
LIMIT 500
