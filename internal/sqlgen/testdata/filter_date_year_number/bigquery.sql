SELECT
  `people`.customer_id AS `people_customer_id`
FROM customers AS `people`
WHERE ((
  (EXTRACT(YEAR FROM `people`.joined)) < (2024)
))
LIMIT 500
