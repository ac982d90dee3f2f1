SELECT
  APPROX_PERCENTILE("facts".amount, 0) AS "facts_amount_p0",
  APPROX_PERCENTILE("facts".amount, 0.995) AS "facts_amount_p99"
FROM orders AS "facts"
LIMIT 500
