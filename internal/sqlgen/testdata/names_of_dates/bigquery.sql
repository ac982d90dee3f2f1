SELECT
  `people`.customer_id AS `people_customer_id`,
  FORMAT_DATE('%A', `people`.joined) AS `people_joined_day_of_week_name`,
  FORMAT_DATE('%B', `people`.joined) AS `people_joined_month_name`,
  FORMAT_DATE('Q%Q', `people`.joined) AS `people_joined_quarter_name`
FROM customers AS `people`
LIMIT 500
