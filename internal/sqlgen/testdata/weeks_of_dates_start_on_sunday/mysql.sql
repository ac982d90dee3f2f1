SELECT
  `people`.customer_id AS `people_customer_id`,
  DATE_SUB(DATE(`people`.joined), INTERVAL MOD(WEEKDAY(`people`.joined) + 1, 7) DAY) AS `people_joined_week`
FROM customers AS `people`
LIMIT 500
