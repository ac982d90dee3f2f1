WITH `cte_current` AS (
  SELECT
    MAKEDATE(YEAR(`orders`.ordered_at), 1) AS `orders_ordered_at_month`,
    SUM(`orders`.amount) AS `orders_revenue`
  FROM orders AS `orders`
  WHERE (`orders`.order_id > 0) AND ((
    (DATE(`orders`.ordered_at)) < ('2025-06-01')
  ))
  GROUP BY 1
),
`cte_pop_1` AS (
  SELECT
    MAKEDATE(YEAR(`orders`.ordered_at), 1) AS `orders_ordered_at_month`,
    SUM(`orders`.amount) AS `orders_revenue`
  FROM orders AS `orders`
  WHERE (`orders`.order_id > 0) AND ((
    (DATE(DATE_ADD(`orders`.ordered_at, INTERVAL 12 MONTH))) < ('2025-06-01')
  ))
  GROUP BY 1
),
metrics AS (
  SELECT
    `cte_current`.`orders_ordered_at_month` AS `orders_ordered_at_month`,
    `cte_current`.`orders_revenue` AS `orders_revenue`,
    `cte_pop_1`.`orders_revenue` AS `orders_before`
  FROM `cte_current`
  LEFT OUTER JOIN `cte_pop_1`
    ON `cte_pop_1`.`orders_ordered_at_month` = MAKEDATE(YEAR(DATE_ADD(`cte_current`.`orders_ordered_at_month`, INTERVAL -12 MONTH)), 1)
)
SELECT
  *
FROM metrics
LIMIT 500
