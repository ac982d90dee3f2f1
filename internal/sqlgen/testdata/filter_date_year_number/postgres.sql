SELECT
  "people".customer_id AS "people_customer_id"
FROM customers AS "people"
WHERE ((
  (DATE_PART('YEAR', "people".joined)) < (2024)
))
LIMIT 500
