SELECT
  APPROX_QUANTILES(`facts`.amount, 100)[OFFSET(0)] AS `facts_amount_p0`,
  APPROX_QUANTILES(`facts`.amount, 10000)[OFFSET(9950)] AS `facts_amount_p99`
FROM orders AS `facts`
LIMIT 500
