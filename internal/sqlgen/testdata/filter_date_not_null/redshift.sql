SELECT
  "people".customer_id AS "people_customer_id"
FROM customers AS "people"
WHERE ((
  ("people".joined) IS NOT NULL
))
LIMIT 500
