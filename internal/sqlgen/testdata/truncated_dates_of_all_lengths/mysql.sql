SELECT
  `people`.customer_id AS `people_customer_id`,
  `people`.joined AS `people_joined_raw`,
  DATE(`people`.joined) AS `people_joined_day`,
  DATE_SUB(DATE(`people`.joined), INTERVAL MOD(WEEKDAY(`people`.joined) + 7, 7) DAY) AS `people_joined_week`,
  DATE(DATE_FORMAT(`people`.joined, '%Y-%m-01')) AS `people_joined_month`,
  DATE_ADD(MAKEDATE(YEAR(`people`.joined), 1), INTERVAL QUARTER(`people`.joined) - 1 QUARTER) AS `people_joined_quarter`,
  MAKEDATE(YEAR(`people`.joined), 1) AS `people_joined_year`
FROM customers AS `people`
LIMIT 500
