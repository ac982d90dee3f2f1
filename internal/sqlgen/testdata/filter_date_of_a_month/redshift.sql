SELECT
  "people".customer_id AS "people_customer_id"
FROM customers AS "people"
WHERE ((
  (DATE_TRUNC('MONTH', "people".joined)) = ('2024-01-01')
))
LIMIT 500
