SELECT
  "people".customer_id AS "people_customer_id"
FROM customers AS "people"
WHERE ((
  (MONTHNAME("people".joined)) IN ('January')
))
LIMIT 500
