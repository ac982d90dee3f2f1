SELECT
  CASE
    WHEN `orders`.amount IS NULL THEN NULL
    WHEN `orders`.amount < 0 THEN CONCAT('<', CAST(0 AS STRING))
    WHEN `orders`.amount >= 5 AND `orders`.amount < 8 THEN CONCAT(CAST(5 AS STRING), '-', CAST(8 AS STRING))
    WHEN `orders`.amount >= 10.5 AND `orders`.amount < 20 THEN CONCAT(CAST(10.5 AS STRING), '-', CAST(20 AS STRING))
    ELSE CONCAT('≥', CAST(100 AS STRING))
  END AS `b`,
  COUNT(*) AS `orders_order_count`
FROM orders AS `orders`
WHERE (`orders`.order_id > 0)
GROUP BY 1
LIMIT 500
