SELECT
  "people".customer_id AS "people_customer_id"
FROM customers AS "people"
WHERE ((
  NOT (("people".joined) >= CAST('2026-02-23' AS timestamp) AND ("people".joined) <= CAST('2026-11-23' AS timestamp))
))
LIMIT 500
