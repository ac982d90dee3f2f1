SELECT
  "people".customer_id AS "people_customer_id",
  "people".joined AS "people_joined_raw",
  DATE_TRUNC('DAY', "people".joined) AS "people_joined_day",
  DATE_TRUNC('WEEK', "people".joined) AS "people_joined_week",
  DATE_TRUNC('MONTH', "people".joined) AS "people_joined_month",
  DATE_TRUNC('QUARTER', "people".joined) AS "people_joined_quarter",
  DATE_TRUNC('YEAR', "people".joined) AS "people_joined_year"
FROM customers AS "people"
LIMIT 500
