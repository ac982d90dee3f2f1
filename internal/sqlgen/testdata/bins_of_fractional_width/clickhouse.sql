SELECT
  CONCAT(FLOOR("orders".amount / 7.5) * 7.5, ' - ', (FLOOR("orders".amount / 7.5) + 1) * 7.5 - 1) AS "bin",
  SUM("orders".amount) AS "orders_revenue"
FROM orders AS "orders"
WHERE ("orders".order_id > 0)
GROUP BY 1
LIMIT 500
SETTINGS join_use_nulls = 1
