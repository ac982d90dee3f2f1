SELECT
  APPROX_QUANTILES(`orders`.amount, 100)[OFFSET(90)] AS `orders_p90_amount`
FROM orders AS `orders`
WHERE (`orders`.order_id > 0)
LIMIT 500
