SELECT
  "people".customer_id AS "people_customer_id"
FROM customers AS "people"
WHERE ((
  (("people".joined) >= ('2024-01-01') AND ("people".joined) <= ('2024-01-31'))
))
LIMIT 500
