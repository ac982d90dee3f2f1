SELECT
  TIMESTAMP_TRUNC(DATETIME(`orders`.ordered_at, 'Europe/Berlin'), DAY) AS `orders_ordered_at_day`,
  COUNT(*) AS `orders_order_count`
FROM orders AS `orders`
WHERE (`orders`.order_id > 0)
GROUP BY 1
LIMIT 500
