SELECT
  "facts".customer_id AS "facts_customer_id",
  MAX("facts".status) AS "facts_last_status",
  MAX("facts".amount) > 50 AS "facts_any_large"
FROM orders AS "facts"
GROUP BY 1
LIMIT 500
