SELECT
  (("orders".amount) * 2) AS "twice",
  COUNT(*) AS "orders_order_count"
FROM orders AS "orders"
WHERE ("orders".order_id > 0) AND ((
  (("orders".amount) * 2) > (20)
))
GROUP BY 1
ORDER BY "twice"
LIMIT 500
SETTINGS join_use_nulls = 1
