SELECT
  `facts`.status AS `facts_status`,
  ((SUM(`facts`.amount)) * 2) / NULLIF((COUNT(`facts`.order_id)), 0) AS `facts_doubled_share`
FROM orders AS `facts`
GROUP BY 1
LIMIT 500
