SELECT
  "people".customer_id AS "people_customer_id"
FROM customers AS "people"
WHERE ((
  (("people".joined) >= ('2024-01-05') AND ("people".joined) < ('2026-11-20'))
))
LIMIT 500
