SELECT
  `people`.customer_id AS `people_customer_id`
FROM customers AS `people`
WHERE ((
  (FORMAT_DATE('%B', `people`.joined)) IN ('January')
))
LIMIT 500
