SELECT
  "people".customer_id AS "people_customer_id",
  addDays(date_trunc('week', subtractDays("people".joined, 6)), 6) AS "people_joined_week"
FROM customers AS "people"
LIMIT 500
SETTINGS join_use_nulls = 1
