SELECT
  DATE(`customers`.joined) AS `customers_joined_day`,
  DATE_SUB(DATE(`customers`.joined), INTERVAL MOD(WEEKDAY(`customers`.joined) + 7, 7) DAY) AS `customers_joined_week`,
  DATE(DATE_FORMAT(`customers`.joined, '%Y-%m-01')) AS `customers_joined_month`,
  MAKEDATE(YEAR(`customers`.joined), 1) AS `customers_joined_year`,
  COUNT(*) AS `customers_customer_count`
FROM customers AS `customers`
GROUP BY 1,2,3,4
LIMIT 500
