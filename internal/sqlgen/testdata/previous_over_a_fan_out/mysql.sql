WITH `cte_metrics_items` AS (
  SELECT
    DATE(DATE_FORMAT(`orders`.ordered_at, '%Y-%m-01')) AS `orders_ordered_at_month`,
    SUM((`items`.quantity) * (`items`.price)) AS `items_value`
  FROM orders AS `orders`
  LEFT OUTER JOIN items AS `items`
    ON (`items`.order_id) = (`orders`.order_id)
  WHERE (`orders`.order_id > 0)
  GROUP BY 1
),
`cte_metrics_orders` AS (
  SELECT
    DATE(DATE_FORMAT(`orders`.ordered_at, '%Y-%m-01')) AS `orders_ordered_at_month`,
    SUM(`orders`.amount) AS `orders_revenue`
  FROM orders AS `orders`
  WHERE (`orders`.order_id > 0)
  GROUP BY 1
),
`cte_current` AS (
  SELECT
    `cte_metrics_items`.`orders_ordered_at_month` AS `orders_ordered_at_month`,
    `orders_revenue`,
    `items_value`
  FROM `cte_metrics_items`
  INNER JOIN `cte_metrics_orders`
    ON `cte_metrics_items`.`orders_ordered_at_month` <=> `cte_metrics_orders`.`orders_ordered_at_month`
),
`cte_pop_1` AS (
  WITH `cte_metrics_items` AS (
    SELECT
      DATE(DATE_FORMAT(`orders`.ordered_at, '%Y-%m-01')) AS `orders_ordered_at_month`,
      SUM(`items`.quantity) AS `items_quantity_sold`
    FROM orders AS `orders`
    LEFT OUTER JOIN items AS `items`
      ON (`items`.order_id) = (`orders`.order_id)
    WHERE (`orders`.order_id > 0)
    GROUP BY 1
  ),
  `cte_metrics_orders` AS (
    SELECT
      DATE(DATE_FORMAT(`orders`.ordered_at, '%Y-%m-01')) AS `orders_ordered_at_month`,
      SUM(`orders`.amount) AS `orders_revenue`
    FROM orders AS `orders`
    WHERE (`orders`.order_id > 0)
    GROUP BY 1
  )
  SELECT
    `cte_metrics_items`.`orders_ordered_at_month` AS `orders_ordered_at_month`,
    `orders_revenue`,
    (`orders_revenue`) / NULLIF((`items_quantity_sold`), 0) AS `orders_per_item`
  FROM `cte_metrics_items`
  INNER JOIN `cte_metrics_orders`
    ON `cte_metrics_items`.`orders_ordered_at_month` <=> `cte_metrics_orders`.`orders_ordered_at_month`
),
metrics AS (
  SELECT
    `cte_current`.`orders_ordered_at_month` AS `orders_ordered_at_month`,
    `cte_current`.`orders_revenue` AS `orders_revenue`,
    `cte_current`.`items_value` AS `items_value`,
    `cte_pop_1`.`orders_revenue` AS `orders_before`,
    `cte_pop_1`.`orders_per_item` AS `orders_rate_before`
  FROM `cte_current`
  LEFT OUTER JOIN `cte_pop_1`
    ON `cte_pop_1`.`orders_ordered_at_month` = DATE(DATE_FORMAT(DATE_ADD(`cte_current`.`orders_ordered_at_month`, INTERVAL -1 MONTH), '%Y-%m-01'))
)
SELECT
  *
FROM metrics
LIMIT 500
