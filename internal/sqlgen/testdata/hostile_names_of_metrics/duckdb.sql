SELECT
  "orders".status AS "orders_status",
  SUM("orders".amount) AS "orders_x"" FROM orders --"
FROM orders AS "orders"
WHERE ("orders".order_id > 0)
GROUP BY 1
ORDER BY "orders_x"" FROM orders --" DESC
LIMIT 500
