SELECT
  CASE
    WHEN "orders".amount IS NULL THEN NULL
    WHEN "orders".amount >= 0 AND "orders".amount < 10 THEN (CAST(0 AS VARCHAR) || '-' || CAST(10 AS VARCHAR))
    WHEN "orders".amount >= 10 AND "orders".amount < 20 THEN (CAST(10 AS VARCHAR) || '-' || CAST(20 AS VARCHAR))
  END AS "b",
  CASE
    WHEN "orders".amount IS NULL THEN 2
    WHEN "orders".amount >= 0 AND "orders".amount < 10 THEN 0
    WHEN "orders".amount >= 10 AND "orders".amount < 20 THEN 1
  END AS "b_order",
  COUNT(*) AS "orders_order_count"
FROM orders AS "orders"
WHERE ("orders".order_id > 0)
GROUP BY 1,2
ORDER BY "b_order" DESC
LIMIT 500
