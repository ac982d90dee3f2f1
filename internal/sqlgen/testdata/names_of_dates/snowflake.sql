SELECT
  "people".customer_id AS "people_customer_id",
  DECODE(TO_CHAR("people".joined, 'DY'), 'Mon', 'Monday', 'Tue', 'Tuesday', 'Wed', 'Wednesday', 'Thu', 'Thursday', 'Fri', 'Friday', 'Sat', 'Saturday', 'Sun', 'Sunday') AS "people_joined_day_of_week_name",
  TO_CHAR("people".joined, 'MMMM') AS "people_joined_month_name",
  CONCAT('Q', DATE_PART('QUARTER', "people".joined)) AS "people_joined_quarter_name"
FROM customers AS "people"
LIMIT 500
