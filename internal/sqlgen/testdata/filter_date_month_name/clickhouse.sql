SELECT
  "people".customer_id AS "people_customer_id"
FROM customers AS "people"
WHERE ((
  (dateName('month', "people".joined)) IN ('January')
))
LIMIT 500
SETTINGS join_use_nulls = 1
