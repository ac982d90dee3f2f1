SELECT
  CONCAT(JSON_FORMAT(CAST(FLOOR("orders".amount / 7.5) * 7.5 AS JSON)), ' - ', JSON_FORMAT(CAST((FLOOR("orders".amount / 7.5) + 1) * 7.5 - 1 AS JSON))) AS "bin",
  SUM("orders".amount) AS "orders_revenue"
FROM orders AS "orders"
WHERE ("orders".order_id > 0)
GROUP BY 1
LIMIT 500
