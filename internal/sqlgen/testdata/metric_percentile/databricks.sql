SELECT
  PERCENTILE(`orders`.amount, 0.9) AS `orders_p90_amount`
FROM orders AS `orders`
WHERE (`orders`.order_id > 0)
LIMIT 500
