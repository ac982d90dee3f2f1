WITH metrics AS (
  SELECT
    `facts`.customer_id AS `facts_customer_id`,
    MAX(`facts`.amount) > 50 AS `facts_any_large`
  FROM orders AS `facts`
  GROUP BY 1
)
SELECT
  *
FROM metrics
WHERE ((
  (`facts_any_large`) = true
))
LIMIT 500
