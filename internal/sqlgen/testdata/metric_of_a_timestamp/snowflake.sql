SELECT
  "facts".status AS "facts_status",
  MIN("facts".ordered_at) AS "facts_first_at",
  MAX("facts".ordered_at) AS "facts_last_day"
FROM orders AS "facts"
GROUP BY 1
LIMIT 500
