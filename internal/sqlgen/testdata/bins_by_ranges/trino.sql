SELECT
  CASE
    WHEN "orders".amount IS NULL THEN NULL
    WHEN "orders".amount < 5 THEN CONCAT('<', JSON_FORMAT(CAST(5 AS JSON)))
    WHEN "orders".amount >= 5 AND "orders".amount < 15.5 THEN CONCAT(JSON_FORMAT(CAST(5 AS JSON)), '-', JSON_FORMAT(CAST(15.5 AS JSON)))
    ELSE CONCAT('≥', JSON_FORMAT(CAST(15.5 AS JSON)))
  END AS "bin",
  CASE
    WHEN "orders".amount IS NULL THEN 3
    WHEN "orders".amount < 5 THEN 0
    WHEN "orders".amount >= 5 AND "orders".amount < 15.5 THEN 1
    ELSE 2
  END AS "bin_order",
  SUM("orders".amount) AS "orders_revenue"
FROM orders AS "orders"
WHERE ("orders".order_id > 0)
GROUP BY 1,2
ORDER BY "bin_order"
LIMIT 500
