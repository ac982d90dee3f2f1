SELECT
  "people".customer_id AS "people_customer_id",
  "people".joined AS "people_joined_raw",
  date_trunc('day', "people".joined) AS "people_joined_day",
  date_trunc('week', "people".joined) AS "people_joined_week",
  date_trunc('month', "people".joined) AS "people_joined_month",
  date_trunc('quarter', "people".joined) AS "people_joined_quarter",
  date_trunc('year', "people".joined) AS "people_joined_year"
FROM customers AS "people"
LIMIT 500
SETTINGS join_use_nulls = 1
