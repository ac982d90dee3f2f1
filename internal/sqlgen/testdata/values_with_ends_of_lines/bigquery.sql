SELECT
  `orders`.order_id AS `orders_order_id`
FROM orders AS `orders`
WHERE (`orders`.order_id > 0) AND ((
  ((`orders`.status) NOT IN ('a\nb','c\r\nd','tab	','\\n','e\\') OR (`orders`.status) IS NULL)
))
LIMIT 500
