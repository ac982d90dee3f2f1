WITH metrics AS (
  SELECT
    FORMAT_DATE('%B', `people`.joined) AS `people_joined_month_name`,
    COUNT(*) AS `people_head_count`
  FROM customers AS `people`
  GROUP BY 1
)
SELECT
  *
FROM metrics
ORDER BY (
  CASE
    WHEN `people_joined_month_name` = 'January' THEN 1
    WHEN `people_joined_month_name` = 'February' THEN 2
    WHEN `people_joined_month_name` = 'March' THEN 3
    WHEN `people_joined_month_name` = 'April' THEN 4
    WHEN `people_joined_month_name` = 'May' THEN 5
    WHEN `people_joined_month_name` = 'June' THEN 6
    WHEN `people_joined_month_name` = 'July' THEN 7
    WHEN `people_joined_month_name` = 'August' THEN 8
    WHEN `people_joined_month_name` = 'September' THEN 9
    WHEN `people_joined_month_name` = 'October' THEN 10
    WHEN `people_joined_month_name` = 'November' THEN 11
    WHEN `people_joined_month_name` = 'December' THEN 12
    ELSE 0
  END
) NULLS FIRST
LIMIT 500
