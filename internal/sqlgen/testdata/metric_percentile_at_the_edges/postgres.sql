SELECT
  PERCENTILE_CONT(0) WITHIN GROUP (ORDER BY "facts".amount) AS "facts_amount_p0",
  PERCENTILE_CONT(0.995) WITHIN GROUP (ORDER BY "facts".amount) AS "facts_amount_p99"
FROM orders AS "facts"
LIMIT 500
