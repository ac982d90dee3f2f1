SELECT
  `orders`.order_id AS `orders_order_id`
FROM orders AS `orders`
WHERE (`orders`.order_id > 0) AND ((
  (DATE_FORMAT(`orders`.ordered_at, 'EEEE')) IN ('Sunday')
))
LIMIT 500
