SELECT
  `people`.customer_id AS `people_customer_id`
FROM customers AS `people`
WHERE ((
  LOWER(`people`.first_name) IN (LOWER('ANN'),LOWER('o\'neil'))
))
LIMIT 500
