SELECT
  "people".customer_id AS "people_customer_id",
  DATE_PART('DOW', "people".joined) AS "people_joined_day_of_week_index"
FROM customers AS "people"
LIMIT 500
