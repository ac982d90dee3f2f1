WITH metrics AS (
  SELECT
    "facts".customer_id AS "facts_customer_id",
    MAX("facts".ordered_at) AS "facts_last_day"
  FROM orders AS "facts"
  GROUP BY 1
)
SELECT
  *
FROM metrics
WHERE ((
  ("facts_last_day") < ('2024-12-31 00:00:00')
))
LIMIT 500
