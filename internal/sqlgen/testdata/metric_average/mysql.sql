SELECT
  `orders`.status AS `orders_status`,
  AVG((`orders`.amount)) AS `orders_average_amount`
FROM orders AS `orders`
WHERE (`orders`.order_id > 0)
GROUP BY 1
LIMIT 500
