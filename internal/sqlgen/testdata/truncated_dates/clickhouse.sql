SELECT
  date_trunc('day', "customers".joined) AS "customers_joined_day",
  date_trunc('week', "customers".joined) AS "customers_joined_week",
  date_trunc('month', "customers".joined) AS "customers_joined_month",
  date_trunc('year', "customers".joined) AS "customers_joined_year",
  COUNT(*) AS "customers_customer_count"
FROM customers AS "customers"
GROUP BY 1,2,3,4
LIMIT 500
SETTINGS join_use_nulls = 1
