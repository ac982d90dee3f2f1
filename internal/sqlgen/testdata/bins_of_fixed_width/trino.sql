SELECT
  CONCAT(CAST(CAST(FLOOR("orders".amount / 5.0) * 5 AS DECIMAL(38, 0)) AS VARCHAR), ' - ', CAST(CAST((FLOOR("orders".amount / 5.0) + 1) * 5 - 1 AS DECIMAL(38, 0)) AS VARCHAR)) AS "bin",
  FLOOR("orders".amount / 5.0) * 5 AS "bin_order",
  SUM("orders".amount) AS "orders_revenue"
FROM orders AS "orders"
WHERE ("orders".order_id > 0)
GROUP BY 1,2
ORDER BY "bin_order"
LIMIT 500
