SELECT
  `people`.customer_id AS `people_customer_id`,
  DATE_TRUNC(`people`.joined, WEEK(SUNDAY)) AS `people_joined_week`
FROM customers AS `people`
LIMIT 500
