SELECT
  "orders".paid AS "orders_paid",
  quantileExactInclusive(0.25)(toFloat64("orders".amount)) AS "orders_p"
FROM orders AS "orders"
WHERE ("orders".order_id > 0)
GROUP BY 1
LIMIT 500
SETTINGS join_use_nulls = 1
