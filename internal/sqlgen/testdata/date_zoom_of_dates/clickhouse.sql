SELECT
  date_trunc('year', "people".joined) AS "people_joined_day",
  COUNT(*) AS "people_head_count"
FROM customers AS "people"
GROUP BY 1
LIMIT 500
SETTINGS join_use_nulls = 1
