WITH metrics AS (
  SELECT
    `facts`.customer_id AS `facts_customer_id`,
    MAX(`facts`.status) AS `facts_last_status`
  FROM orders AS `facts`
  GROUP BY 1
)
SELECT
  *
FROM metrics
WHERE ((
  (`facts_last_status`) LIKE 'op%'
))
LIMIT 500
