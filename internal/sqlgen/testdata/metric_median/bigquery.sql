SELECT
  `orders`.status AS `orders_status`,
  APPROX_QUANTILES(`orders`.amount, 100)[OFFSET(50)] AS `orders_median_amount`
FROM orders AS `orders`
WHERE (`orders`.order_id > 0)
GROUP BY 1
LIMIT 500
