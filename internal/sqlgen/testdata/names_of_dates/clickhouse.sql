SELECT
  "people".customer_id AS "people_customer_id",
  dateName('weekday', "people".joined) AS "people_joined_day_of_week_name",
  dateName('month', "people".joined) AS "people_joined_month_name",
  concat('Q', toString(toQuarter("people".joined))) AS "people_joined_quarter_name"
FROM customers AS "people"
LIMIT 500
SETTINGS join_use_nulls = 1
