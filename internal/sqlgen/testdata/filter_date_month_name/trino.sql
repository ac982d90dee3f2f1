SELECT
  "people".customer_id AS "people_customer_id"
FROM customers AS "people"
WHERE ((
  (date_format("people".joined, '%M')) IN ('January')
))
LIMIT 500
