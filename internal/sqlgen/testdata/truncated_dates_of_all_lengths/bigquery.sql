SELECT
  `people`.customer_id AS `people_customer_id`,
  `people`.joined AS `people_joined_raw`,
  DATE_TRUNC(`people`.joined, DAY) AS `people_joined_day`,
  DATE_TRUNC(`people`.joined, WEEK) AS `people_joined_week`,
  DATE_TRUNC(`people`.joined, MONTH) AS `people_joined_month`,
  DATE_TRUNC(`people`.joined, QUARTER) AS `people_joined_quarter`,
  DATE_TRUNC(`people`.joined, YEAR) AS `people_joined_year`
FROM customers AS `people`
LIMIT 500
