WITH `size_cte` AS (
  SELECT
    FLOOR(MIN(`orders`.amount)) AS min_id,
    CEIL(MAX(`orders`.amount)) AS max_id,
    FLOOR((MAX(`orders`.amount) - MIN(`orders`.amount)) / 3) AS bin_width
  FROM orders AS `orders`
),
`cte_current` AS (
  SELECT
    TIMESTAMP_TRUNC(`orders`.ordered_at, MONTH) AS `orders_ordered_at_month`,
    CASE
      WHEN `orders`.amount IS NULL THEN NULL
      WHEN `orders`.amount >= `size_cte`.min_id + `size_cte`.bin_width * 0 AND `orders`.amount < `size_cte`.min_id + `size_cte`.bin_width * 1 THEN CONCAT(CAST(`size_cte`.min_id + `size_cte`.bin_width * 0 AS STRING), ' - ', CAST(`size_cte`.min_id + `size_cte`.bin_width * 1 AS STRING))
      WHEN `orders`.amount >= `size_cte`.min_id + `size_cte`.bin_width * 1 AND `orders`.amount < `size_cte`.min_id + `size_cte`.bin_width * 2 THEN CONCAT(CAST(`size_cte`.min_id + `size_cte`.bin_width * 1 AS STRING), ' - ', CAST(`size_cte`.min_id + `size_cte`.bin_width * 2 AS STRING))
      ELSE CONCAT(CAST(`size_cte`.min_id + `size_cte`.bin_width * 2 AS STRING), ' - ', CAST(`size_cte`.max_id AS STRING))
    END AS `size`,
    CASE
      WHEN `orders`.amount IS NULL THEN 3
      WHEN `orders`.amount >= `size_cte`.min_id + `size_cte`.bin_width * 0 AND `orders`.amount < `size_cte`.min_id + `size_cte`.bin_width * 1 THEN 0
      WHEN `orders`.amount >= `size_cte`.min_id + `size_cte`.bin_width * 1 AND `orders`.amount < `size_cte`.min_id + `size_cte`.bin_width * 2 THEN 1
      ELSE 2
    END AS `size_order`
  FROM orders AS `orders`
  CROSS JOIN `size_cte`
  WHERE (`orders`.order_id > 0)
  GROUP BY 1,2,3
),
`cte_pop_1` AS (
  WITH `size_cte` AS (
    SELECT
      FLOOR(MIN(`orders`.amount)) AS min_id,
      CEIL(MAX(`orders`.amount)) AS max_id,
      FLOOR((MAX(`orders`.amount) - MIN(`orders`.amount)) / 3) AS bin_width
    FROM orders AS `orders`
  )
  SELECT
    TIMESTAMP_TRUNC(`orders`.ordered_at, MONTH) AS `orders_ordered_at_month`,
    CASE
      WHEN `orders`.amount IS NULL THEN NULL
      WHEN `orders`.amount >= `size_cte`.min_id + `size_cte`.bin_width * 0 AND `orders`.amount < `size_cte`.min_id + `size_cte`.bin_width * 1 THEN CONCAT(CAST(`size_cte`.min_id + `size_cte`.bin_width * 0 AS STRING), ' - ', CAST(`size_cte`.min_id + `size_cte`.bin_width * 1 AS STRING))
      WHEN `orders`.amount >= `size_cte`.min_id + `size_cte`.bin_width * 1 AND `orders`.amount < `size_cte`.min_id + `size_cte`.bin_width * 2 THEN CONCAT(CAST(`size_cte`.min_id + `size_cte`.bin_width * 1 AS STRING), ' - ', CAST(`size_cte`.min_id + `size_cte`.bin_width * 2 AS STRING))
      ELSE CONCAT(CAST(`size_cte`.min_id + `size_cte`.bin_width * 2 AS STRING), ' - ', CAST(`size_cte`.max_id AS STRING))
    END AS `size`,
    CASE
      WHEN `orders`.amount IS NULL THEN 3
      WHEN `orders`.amount >= `size_cte`.min_id + `size_cte`.bin_width * 0 AND `orders`.amount < `size_cte`.min_id + `size_cte`.bin_width * 1 THEN 0
      WHEN `orders`.amount >= `size_cte`.min_id + `size_cte`.bin_width * 1 AND `orders`.amount < `size_cte`.min_id + `size_cte`.bin_width * 2 THEN 1
      ELSE 2
    END AS `size_order`,
    AVG((`orders`.amount)) AS `orders_average_amount`
  FROM orders AS `orders`
  CROSS JOIN `size_cte`
  WHERE (`orders`.order_id > 0)
  GROUP BY 1,2,3
),
metrics AS (
  SELECT
    `cte_current`.`orders_ordered_at_month` AS `orders_ordered_at_month`,
    `cte_current`.`size` AS `size`,
    `cte_current`.`size_order` AS `size_order`,
    `cte_pop_1`.`orders_average_amount` AS `orders_before`
  FROM `cte_current`
  LEFT OUTER JOIN `cte_pop_1`
    ON `cte_pop_1`.`orders_ordered_at_month` = TIMESTAMP_TRUNC(TIMESTAMP(DATETIME_ADD(DATETIME(`cte_current`.`orders_ordered_at_month`), INTERVAL -1 MONTH)), MONTH) AND (`cte_current`.`size` = `cte_pop_1`.`size` OR (`cte_current`.`size` IS NULL AND `cte_pop_1`.`size` IS NULL))
)
SELECT
  *
FROM metrics
ORDER BY `size_order`
LIMIT 500
