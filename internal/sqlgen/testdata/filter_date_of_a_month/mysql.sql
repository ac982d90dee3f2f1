SELECT
  `people`.customer_id AS `people_customer_id`
FROM customers AS `people`
WHERE ((
  (DATE(DATE_FORMAT(`people`.joined, '%Y-%m-01'))) = ('2024-01-01')
))
LIMIT 500
