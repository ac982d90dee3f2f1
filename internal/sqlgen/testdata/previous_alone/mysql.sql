WITH `cte_current` AS (
  SELECT 1 AS one_row
),
`cte_pop_1` AS (
  SELECT
    SUM(`orders`.amount) AS `orders_revenue`
  FROM orders AS `orders`
  WHERE (`orders`.order_id > 0) AND ((
    (MAKEDATE(YEAR(DATE_ADD(`orders`.ordered_at, INTERVAL 12 MONTH)), 1)) = ('2025-01-01')
  ))
),
metrics AS (
  SELECT
    `cte_pop_1`.`orders_revenue` AS `orders_before`
  FROM `cte_current`
  CROSS JOIN `cte_pop_1`
)
SELECT
  *
FROM metrics
LIMIT 500
