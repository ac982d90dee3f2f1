SELECT
  "people".customer_id AS "people_customer_id"
FROM customers AS "people"
WHERE ((
  ("people".joined) <= ('2024-01-03')
))
LIMIT 500
