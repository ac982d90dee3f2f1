SELECT
  "people".customer_id AS "people_customer_id",
  date_format("people".joined, '%W') AS "people_joined_day_of_week_name",
  date_format("people".joined, '%M') AS "people_joined_month_name",
  CONCAT('Q', cast(extract(QUARTER from "people".joined) as varchar)) AS "people_joined_quarter_name"
FROM customers AS "people"
LIMIT 500
