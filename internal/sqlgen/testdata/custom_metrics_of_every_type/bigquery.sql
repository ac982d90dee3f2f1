SELECT
  `orders`.paid AS `orders_paid`,
  SUM(`orders`.amount) AS `orders_a`,
  AVG(`orders`.amount) AS `orders_b`,
  COUNT(`orders`.status) AS `orders_c`,
  COUNT(DISTINCT (`orders`.status)) AS `orders_d`,
  MIN((`orders`.amount)) AS `orders_e`,
  MAX(`orders`.ordered_at) AS `orders_f`
FROM orders AS `orders`
WHERE (`orders`.order_id > 0)
GROUP BY 1
LIMIT 500
