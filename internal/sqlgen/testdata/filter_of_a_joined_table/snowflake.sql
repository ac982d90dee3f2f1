SELECT
  "orders".order_id AS "orders_order_id"
FROM orders AS "orders"
LEFT OUTER JOIN customers AS "customers"
  ON ("orders".customer_id) = ("customers".customer_id)
WHERE ("orders".order_id > 0) AND ((
  ("customers".region) IN ('south')
))
LIMIT 500
