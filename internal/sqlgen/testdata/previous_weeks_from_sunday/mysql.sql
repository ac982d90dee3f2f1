WITH `cte_current` AS (
  SELECT
    DATE_SUB(DATE(`orders`.ordered_at), INTERVAL MOD(WEEKDAY(`orders`.ordered_at) + 1, 7) DAY) AS `orders_ordered_at_week`,
    SUM(`orders`.amount) AS `orders_revenue`
  FROM orders AS `orders`
  WHERE (`orders`.order_id > 0)
  GROUP BY 1
),
`cte_pop_1` AS (
  SELECT
    DATE_SUB(DATE(`orders`.ordered_at), INTERVAL MOD(WEEKDAY(`orders`.ordered_at) + 1, 7) DAY) AS `orders_ordered_at_week`,
    SUM(`orders`.amount) AS `orders_revenue`
  FROM orders AS `orders`
  WHERE (`orders`.order_id > 0)
  GROUP BY 1
),
metrics AS (
  SELECT
    `cte_current`.`orders_ordered_at_week` AS `orders_ordered_at_week`,
    `cte_current`.`orders_revenue` AS `orders_revenue`,
    `cte_pop_1`.`orders_revenue` AS `orders_before`
  FROM `cte_current`
  LEFT OUTER JOIN `cte_pop_1`
    ON `cte_pop_1`.`orders_ordered_at_week` = DATE_SUB(DATE(DATE_ADD(`cte_current`.`orders_ordered_at_week`, INTERVAL -28 DAY)), INTERVAL MOD(WEEKDAY(DATE_ADD(`cte_current`.`orders_ordered_at_week`, INTERVAL -28 DAY)) + 1, 7) DAY)
)
SELECT
  *
FROM metrics
LIMIT 500
