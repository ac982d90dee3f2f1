SELECT
  `people`.customer_id AS `people_customer_id`,
  DATEADD(DAY, 2, DATE_TRUNC('WEEK', DATEADD(DAY, -2, `people`.joined))) AS `people_joined_week`
FROM customers AS `people`
LIMIT 500
