SELECT
  "orders".paid AS "orders_paid",
  SUM(CASE WHEN ((("orders".amount) >= (5) AND ("orders".amount) <= (50)) AND ("orders".ordered_at) > ('2024-03-01 12:00:00') AND (("orders".status) NOT IN ('it\'s') OR ("orders".status) IS NULL)) THEN ("orders".amount) ELSE NULL END) AS "orders_x"
FROM orders AS "orders"
WHERE ("orders".order_id > 0)
GROUP BY 1
LIMIT 500
SETTINGS join_use_nulls = 1
