SELECT
  "people".customer_id AS "people_customer_id"
FROM customers AS "people"
WHERE ((
  (TO_CHAR("people".joined, 'MMMM')) IN ('January')
))
LIMIT 500
