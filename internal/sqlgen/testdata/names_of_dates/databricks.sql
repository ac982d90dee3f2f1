SELECT
  `people`.customer_id AS `people_customer_id`,
  DATE_FORMAT(`people`.joined, 'EEEE') AS `people_joined_day_of_week_name`,
  DATE_FORMAT(`people`.joined, 'MMMM') AS `people_joined_month_name`,
  DATE_FORMAT(`people`.joined, 'QQQ') AS `people_joined_quarter_name`
FROM customers AS `people`
LIMIT 500
