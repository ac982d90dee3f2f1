SELECT
  `chosen`.status AS `chosen_status`,
  SUM(-2 * `chosen`.amount) AS `chosen_scaled`
FROM orders AS `chosen`
WHERE (`chosen`.status IN ('done', 'open') AND `chosen`.amount >= 0)
GROUP BY 1
ORDER BY `chosen_status`
LIMIT 500
