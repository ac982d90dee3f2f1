WITH `cte_current` AS (
  SELECT
    TIMESTAMP_TRUNC(`orders`.ordered_at, MONTH) AS `orders_ordered_at_month`,
    SUM(`orders`.amount) AS `orders_revenue`
  FROM orders AS `orders`
  WHERE (`orders`.order_id > 0)
  GROUP BY 1
),
`cte_pop_1` AS (
  SELECT
    TIMESTAMP_TRUNC(`orders`.ordered_at, MONTH) AS `orders_ordered_at_month`,
    SUM(`orders`.amount) AS `orders_revenue`
  FROM orders AS `orders`
  WHERE (`orders`.order_id > 0)
  GROUP BY 1
),
metrics AS (
  SELECT
    `cte_current`.`orders_ordered_at_month` AS `orders_ordered_at_month`,
    `cte_current`.`orders_revenue` AS `orders_revenue`,
    `cte_pop_1`.`orders_revenue` AS `orders_before`
  FROM `cte_current`
  LEFT OUTER JOIN `cte_pop_1`
    ON `cte_pop_1`.`orders_ordered_at_month` = TIMESTAMP_TRUNC(TIMESTAMP(DATETIME_ADD(DATETIME(`cte_current`.`orders_ordered_at_month`), INTERVAL -1 MONTH)), MONTH)
)
SELECT
  *
FROM metrics
ORDER BY `orders_ordered_at_month`
LIMIT 500
