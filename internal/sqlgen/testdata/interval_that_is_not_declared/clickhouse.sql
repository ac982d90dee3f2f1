SELECT
  date_trunc('quarter', "customers".joined) AS "customers_joined_quarter",
  COUNT(*) AS "customers_customer_count"
FROM customers AS "customers"
GROUP BY 1
LIMIT 500
SETTINGS join_use_nulls = 1
