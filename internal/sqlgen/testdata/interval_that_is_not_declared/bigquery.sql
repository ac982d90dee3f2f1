SELECT
  DATE_TRUNC(`customers`.joined, QUARTER) AS `customers_joined_quarter`,
  COUNT(`customers`.customer_id) AS `customers_customer_count`
FROM customers AS `customers`
GROUP BY 1
LIMIT 500
