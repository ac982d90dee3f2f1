SELECT
  "people".customer_id AS "people_customer_id",
  DAYNAME("people".joined) AS "people_joined_day_of_week_name",
  MONTHNAME("people".joined) AS "people_joined_month_name",
  ('Q' || QUARTER("people".joined)) AS "people_joined_quarter_name"
FROM customers AS "people"
LIMIT 500
