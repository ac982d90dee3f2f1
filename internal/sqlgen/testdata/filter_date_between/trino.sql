SELECT
  "people".customer_id AS "people_customer_id"
FROM customers AS "people"
WHERE ((
  (("people".joined) >= CAST('2024-01-01' AS timestamp) AND ("people".joined) <= CAST('2024-01-31' AS timestamp))
))
LIMIT 500
