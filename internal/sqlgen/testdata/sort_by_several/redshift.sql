SELECT
  "orders".status AS "orders_status",
  "orders".paid AS "orders_paid",
  SUM("orders".amount) AS "orders_revenue"
FROM orders AS "orders"
WHERE ("orders".order_id > 0)
GROUP BY 1,2
ORDER BY "orders_paid", "orders_revenue" DESC, "orders_status"
LIMIT 500
