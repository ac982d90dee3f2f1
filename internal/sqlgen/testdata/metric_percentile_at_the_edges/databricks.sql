SELECT
  PERCENTILE(`facts`.amount, 0) AS `facts_amount_p0`,
  PERCENTILE(`facts`.amount, 0.995) AS `facts_amount_p99`
FROM orders AS `facts`
LIMIT 500
