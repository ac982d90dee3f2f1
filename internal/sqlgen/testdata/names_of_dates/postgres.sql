SELECT
  "people".customer_id AS "people_customer_id",
  TO_CHAR("people".joined, 'FMDay') AS "people_joined_day_of_week_name",
  TO_CHAR("people".joined, 'FMMonth') AS "people_joined_month_name",
  TO_CHAR("people".joined, 'FM"Q"Q') AS "people_joined_quarter_name"
FROM customers AS "people"
LIMIT 500
