SELECT
  `orders`.paid AS `orders_paid`,
  PERCENTILE(`orders`.amount, 0.25) AS `orders_p`
FROM orders AS `orders`
WHERE (`orders`.order_id > 0)
GROUP BY 1
LIMIT 500
