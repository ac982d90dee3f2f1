SELECT
  (("orders".status)) AS "größe ☃",
  COUNT(*) AS "orders_order_count"
FROM orders AS "orders"
WHERE ("orders".order_id > 0) AND ((
  ((("orders".status)) NOT IN ('Ünïcode') OR (("orders".status)) IS NULL)
))
GROUP BY 1
ORDER BY "größe ☃"
LIMIT 500
