SELECT
  quantileExactInclusive(0.9)(toFloat64("orders".amount)) AS "orders_p90_amount"
FROM orders AS "orders"
WHERE ("orders".order_id > 0)
LIMIT 500
SETTINGS join_use_nulls = 1
