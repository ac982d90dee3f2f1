SELECT
  DATE_TRUNC('YEAR', "people".joined) AS "people_joined_day",
  COUNT(*) AS "people_head_count"
FROM customers AS "people"
GROUP BY 1
LIMIT 500
