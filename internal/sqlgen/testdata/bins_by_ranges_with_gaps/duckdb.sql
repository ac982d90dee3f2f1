SELECT
  CASE
    WHEN "orders".amount IS NULL THEN NULL
    WHEN "orders".amount < 0 THEN ('<' || CAST(0 AS VARCHAR))
    WHEN "orders".amount >= 5 AND "orders".amount < 8 THEN (CAST(5 AS VARCHAR) || '-' || CAST(8 AS VARCHAR))
    WHEN "orders".amount >= 10.5 AND "orders".amount < 20 THEN (CAST(10.5 AS VARCHAR) || '-' || CAST(20 AS VARCHAR))
    ELSE ('≥' || CAST(100 AS VARCHAR))
  END AS "b",
  COUNT(*) AS "orders_order_count"
FROM orders AS "orders"
WHERE ("orders".order_id > 0)
GROUP BY 1
LIMIT 500
