SELECT
  "orders".order_id AS "orders_order_id",
  "orders".status AS "orders_status",
  "customers".region AS "customers_region"
FROM orders AS "orders"
LEFT OUTER JOIN customers AS "customers"
  ON ("orders".customer_id) = ("customers".customer_id)
WHERE ("orders".order_id > 0)
LIMIT 500
SETTINGS join_use_nulls = 1
