SELECT
  DATE_TRUNC('DAY', "customers".joined) AS "customers_joined_day",
  DATE_TRUNC('WEEK', "customers".joined) AS "customers_joined_week",
  DATE_TRUNC('MONTH', "customers".joined) AS "customers_joined_month",
  DATE_TRUNC('YEAR', "customers".joined) AS "customers_joined_year",
  COUNT(*) AS "customers_customer_count"
FROM customers AS "customers"
GROUP BY 1,2,3,4
LIMIT 500
