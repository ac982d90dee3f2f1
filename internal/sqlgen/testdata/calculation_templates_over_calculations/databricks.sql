WITH metrics AS (
  SELECT
    `orders`.status AS `orders_status`,
    SUM(`orders`.amount) AS `orders_revenue`
  FROM orders AS `orders`
  WHERE (`orders`.order_id > 0)
  GROUP BY 1
),
calculations_1 AS (
  SELECT
    *,
    `orders_revenue` * 2 AS `doubled`
  FROM metrics
  WHERE ((
    (`orders_revenue`) IS NOT NULL
  ))
),
calculations_2 AS (
  SELECT
    *,
    (`doubled` * 1.0 / NULLIF(SUM(`doubled`) OVER (), 0)) AS `part`
  FROM calculations_1
),
calculations_3 AS (
  SELECT
    *,
    RANK() OVER (ORDER BY `part` ASC) AS `place`
  FROM calculations_2
)
SELECT
  `orders_status`,
  `orders_revenue`,
  `doubled`,
  `part`,
  `place`,
  SUM(`doubled`) OVER (ORDER BY `place` DESC ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS `so_far`
FROM calculations_3
LIMIT 500
