SELECT
  "orders".status AS "orders_status",
  MAX("orders".amount) AS "orders_largest"
FROM orders AS "orders"
WHERE ("orders".order_id > 0)
GROUP BY 1
LIMIT 500
