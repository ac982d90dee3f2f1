SELECT
  "chosen".status AS "chosen_status",
  SUM(-(-0.5) * "chosen".amount) AS "chosen_scaled"
FROM orders AS "chosen"
WHERE ("chosen".status IN ('it''s', '50%_off', 'done') AND "chosen".amount >= 7)
GROUP BY 1
ORDER BY "chosen_status"
LIMIT 500
