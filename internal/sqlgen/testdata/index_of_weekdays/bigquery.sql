SELECT
  `people`.customer_id AS `people_customer_id`,
  EXTRACT(DAYOFWEEK FROM `people`.joined) AS `people_joined_day_of_week_index`
FROM customers AS `people`
LIMIT 500
