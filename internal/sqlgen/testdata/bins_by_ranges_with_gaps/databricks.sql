SELECT
  CASE
    WHEN `orders`.amount IS NULL THEN NULL
    WHEN `orders`.amount < 0 THEN CONCAT('<', 0)
    WHEN `orders`.amount >= 5 AND `orders`.amount < 8 THEN CONCAT(5, '-', 8)
    WHEN `orders`.amount >= 10.5 AND `orders`.amount < 20 THEN CONCAT(10.5, '-', 20)
    ELSE CONCAT('≥', 100)
  END AS `b`,
  COUNT(*) AS `orders_order_count`
FROM orders AS `orders`
WHERE (`orders`.order_id > 0)
GROUP BY 1
LIMIT 500
