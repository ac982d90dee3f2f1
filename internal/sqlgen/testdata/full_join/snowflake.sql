SELECT
  "facts".order_id AS "facts_order_id",
  "customers".customer_id AS "customers_customer_id"
FROM orders AS "facts"
FULL OUTER JOIN customers AS "customers"
  ON ("facts".customer_id) = ("customers".customer_id)
GROUP BY 1,2
LIMIT 500
