WITH metrics AS (
  SELECT
    `orders`.status AS `orders_status`,
    SUM(`orders`.amount) AS `orders_revenue`
  FROM orders AS `orders`
  WHERE (`orders`.order_id > 0)
  GROUP BY 1
)
SELECT
  *,
  `orders_revenue` * 2 AS `double`,
  SUM(`orders_revenue`) OVER (ORDER BY `orders_status`) AS `running total`
FROM metrics
ORDER BY `orders_status`
LIMIT 500
