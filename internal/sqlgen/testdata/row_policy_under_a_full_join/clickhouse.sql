SELECT
  "facts".order_id AS "facts_order_id",
  "customers".customer_id AS "customers_customer_id"
FROM (
  SELECT * FROM orders AS "facts"
  WHERE "facts"."account_id" IN (8)
) AS "facts"
FULL OUTER JOIN (
  SELECT * FROM customers AS "customers"
  WHERE "customers"."account_id" IN (8)
) AS "customers"
  ON ("facts".customer_id) = ("customers".customer_id)
GROUP BY 1,2
LIMIT 500
SETTINGS join_use_nulls = 1
