SELECT
  "people".customer_id AS "people_customer_id"
FROM customers AS "people"
WHERE ((
  (("people".joined) >= CAST('2026-11-23' AS timestamp) AND ("people".joined) <= CAST('2027-08-23' AS timestamp))
))
LIMIT 500
