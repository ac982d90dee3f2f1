SELECT
  `orders`.paid AS `orders_paid`,
  APPROX_QUANTILES(`orders`.amount, 100)[OFFSET(25)] AS `orders_p`
FROM orders AS `orders`
WHERE (`orders`.order_id > 0)
GROUP BY 1
LIMIT 500
