WITH "cte_current" AS (
  SELECT
    DATE_TRUNC('DAY', "people".joined) AS "people_joined_day",
    TO_CHAR("people".joined, 'FMDay') AS "people_joined_day_of_week_name",
    COUNT(*) AS "people_head_count"
  FROM customers AS "people"
  GROUP BY 1,2
),
"cte_pop_1" AS (
  SELECT
    DATE_TRUNC('DAY', "people".joined) AS "people_joined_day",
    COUNT(*) AS "people_head_count"
  FROM customers AS "people"
  GROUP BY 1
),
metrics AS (
  SELECT
    "cte_current"."people_joined_day" AS "people_joined_day",
    "cte_current"."people_joined_day_of_week_name" AS "people_joined_day_of_week_name",
    "cte_current"."people_head_count" AS "people_head_count",
    "cte_pop_1"."people_head_count" AS "people_before"
  FROM "cte_current"
  LEFT OUTER JOIN "cte_pop_1"
    ON "cte_pop_1"."people_joined_day" = DATE_TRUNC('DAY', ("cte_current"."people_joined_day" - INTERVAL '4 days'))
)
SELECT
  *
FROM metrics
LIMIT 500
