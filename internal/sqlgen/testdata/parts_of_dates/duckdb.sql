SELECT
  "people".customer_id AS "people_customer_id",
  DATE_PART('WEEK', "people".joined) AS "people_joined_week_num",
  DATE_PART('MONTH', "people".joined) AS "people_joined_month_num",
  DATE_PART('QUARTER', "people".joined) AS "people_joined_quarter_num",
  DATE_PART('YEAR', "people".joined) AS "people_joined_year_num",
  DATE_PART('DAY', "people".joined) AS "people_joined_day_of_month_num",
  DATE_PART('DOY', "people".joined) AS "people_joined_day_of_year_num"
FROM customers AS "people"
LIMIT 500
