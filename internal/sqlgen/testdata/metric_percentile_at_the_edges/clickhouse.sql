SELECT
  quantileExactInclusive(0)(toFloat64("facts".amount)) AS "facts_amount_p0",
  quantileExactInclusive(0.995)(toFloat64("facts".amount)) AS "facts_amount_p99"
FROM orders AS "facts"
LIMIT 500
SETTINGS join_use_nulls = 1
