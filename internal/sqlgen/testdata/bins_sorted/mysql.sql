SELECT
  CONCAT(FLOOR(`orders`.amount / 50.0) * 50, ' - ', (FLOOR(`orders`.amount / 50.0) + 1) * 50 - 1) AS `b`,
  FLOOR(`orders`.amount / 50.0) * 50 AS `b_order`,
  COUNT(*) AS `orders_order_count`
FROM orders AS `orders`
WHERE (`orders`.order_id > 0)
GROUP BY 1,2
ORDER BY `b_order`
LIMIT 500
