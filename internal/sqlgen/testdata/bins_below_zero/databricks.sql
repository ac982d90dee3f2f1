SELECT
  CONCAT(FLOOR(`orders`.amount / 10.0) * 10, ' - ', (FLOOR(`orders`.amount / 10.0) + 1) * 10 - 1) AS `b`,
  COUNT(*) AS `orders_order_count`
FROM orders AS `orders`
WHERE (`orders`.order_id > 0)
GROUP BY 1
LIMIT 500
