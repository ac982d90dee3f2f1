SELECT
  DATE_TRUNC(`customers`.joined, DAY) AS `customers_joined_day`,
  DATE_TRUNC(`customers`.joined, WEEK) AS `customers_joined_week`,
  DATE_TRUNC(`customers`.joined, MONTH) AS `customers_joined_month`,
  DATE_TRUNC(`customers`.joined, YEAR) AS `customers_joined_year`,
  COUNT(*) AS `customers_customer_count`
FROM customers AS `customers`
GROUP BY 1,2,3,4
LIMIT 500
