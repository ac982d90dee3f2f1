SELECT
  DATE_TRUNC('QUARTER', "customers".joined) AS "customers_joined_quarter",
  COUNT(*) AS "customers_customer_count"
FROM customers AS "customers"
GROUP BY 1
LIMIT 500
