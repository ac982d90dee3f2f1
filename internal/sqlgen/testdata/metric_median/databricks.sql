SELECT
  `orders`.status AS `orders_status`,
  PERCENTILE(`orders`.amount, 0.5) AS `orders_median_amount`
FROM orders AS `orders`
WHERE (`orders`.order_id > 0)
GROUP BY 1
LIMIT 500
