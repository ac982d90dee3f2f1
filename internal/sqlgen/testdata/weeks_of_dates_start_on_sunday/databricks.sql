SELECT
  `people`.customer_id AS `people_customer_id`,
  DATEADD(DAY, 6, DATE_TRUNC('WEEK', DATEADD(DAY, -6, `people`.joined))) AS `people_joined_week`
FROM customers AS `people`
LIMIT 500
