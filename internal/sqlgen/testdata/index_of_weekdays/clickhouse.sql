SELECT
  "people".customer_id AS "people_customer_id",
  toDayOfWeek("people".joined) % 7 AS "people_joined_day_of_week_index"
FROM customers AS "people"
LIMIT 500
SETTINGS join_use_nulls = 1
