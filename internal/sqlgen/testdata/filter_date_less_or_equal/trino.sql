SELECT
  "people".customer_id AS "people_customer_id"
FROM customers AS "people"
WHERE ((
  ("people".joined) <= CAST('2024-01-03' AS timestamp)
))
LIMIT 500
