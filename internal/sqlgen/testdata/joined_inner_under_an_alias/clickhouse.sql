SELECT
  "payer".region AS "payer_region",
  SUM("orders".amount) AS "orders_revenue"
FROM orders AS "orders"
INNER JOIN customers AS "payer"
  ON ("orders".customer_id) = ("payer".customer_id)
WHERE ("orders".order_id > 0)
GROUP BY 1
LIMIT 500
SETTINGS join_use_nulls = 1
