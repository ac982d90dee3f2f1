SELECT
  "people".customer_id AS "people_customer_id",
  EXTRACT(WEEK FROM "people".joined) AS "people_joined_week_num",
  EXTRACT(MONTH FROM "people".joined) AS "people_joined_month_num",
  EXTRACT(QUARTER FROM "people".joined) AS "people_joined_quarter_num",
  EXTRACT(YEAR FROM "people".joined) AS "people_joined_year_num",
  EXTRACT(DAY FROM "people".joined) AS "people_joined_day_of_month_num",
  EXTRACT(DOY FROM "people".joined) AS "people_joined_day_of_year_num"
FROM customers AS "people"
LIMIT 500
