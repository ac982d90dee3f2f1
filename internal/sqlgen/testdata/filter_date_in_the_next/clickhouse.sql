SELECT
  "people".customer_id AS "people_customer_id"
FROM customers AS "people"
WHERE ((
  (("people".joined) >= ('2026-11-23') AND ("people".joined) <= ('2027-08-23'))
))
LIMIT 500
SETTINGS join_use_nulls = 1
