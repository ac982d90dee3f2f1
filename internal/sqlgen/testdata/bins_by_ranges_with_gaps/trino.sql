SELECT
  CASE
    WHEN "orders".amount IS NULL THEN NULL
    WHEN "orders".amount < 0 THEN CONCAT('<', JSON_FORMAT(CAST(0 AS JSON)))
    WHEN "orders".amount >= 5 AND "orders".amount < 8 THEN CONCAT(JSON_FORMAT(CAST(5 AS JSON)), '-', JSON_FORMAT(CAST(8 AS JSON)))
    WHEN "orders".amount >= 10.5 AND "orders".amount < 20 THEN CONCAT(JSON_FORMAT(CAST(10.5 AS JSON)), '-', JSON_FORMAT(CAST(20 AS JSON)))
    ELSE CONCAT('≥', JSON_FORMAT(CAST(100 AS JSON)))
  END AS "b",
  COUNT(*) AS "orders_order_count"
FROM orders AS "orders"
WHERE ("orders".order_id > 0)
GROUP BY 1
LIMIT 500
