SELECT
  "people".customer_id AS "people_customer_id"
FROM customers AS "people"
WHERE ((
  (("people".joined) >= CAST('2024-01-05' AS timestamp) AND ("people".joined) < CAST('2026-11-20' AS timestamp))
))
LIMIT 500
