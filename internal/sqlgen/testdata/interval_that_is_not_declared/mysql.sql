SELECT
  DATE_ADD(MAKEDATE(YEAR(`customers`.joined), 1), INTERVAL QUARTER(`customers`.joined) - 1 QUARTER) AS `customers_joined_quarter`,
  COUNT(*) AS `customers_customer_count`
FROM customers AS `customers`
GROUP BY 1
LIMIT 500
