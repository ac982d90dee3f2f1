SELECT
  "people".customer_id AS "people_customer_id"
FROM customers AS "people"
WHERE ((
  (NOT (("people".joined) >= CAST('2026-10-01' AS timestamp) AND ("people".joined) <= CAST('2026-12-31' AS timestamp)))
))
LIMIT 500
