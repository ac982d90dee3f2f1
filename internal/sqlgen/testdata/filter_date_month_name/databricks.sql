SELECT
  `people`.customer_id AS `people_customer_id`
FROM customers AS `people`
WHERE ((
  (DATE_FORMAT(`people`.joined, 'MMMM')) IN ('January')
))
LIMIT 500
