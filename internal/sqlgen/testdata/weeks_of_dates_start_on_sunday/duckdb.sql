SELECT
  "people".customer_id AS "people_customer_id",
  (DATE_TRUNC('WEEK', ("people".joined - INTERVAL '6 days')) + INTERVAL '6 days') AS "people_joined_week"
FROM customers AS "people"
LIMIT 500
