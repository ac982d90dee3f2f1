WITH `size_cte` AS (
  SELECT
    FLOOR(MIN(`orders`.amount)) AS min_id,
    CEIL(MAX(`orders`.amount)) AS max_id,
    FLOOR((MAX(`orders`.amount) - MIN(`orders`.amount)) / 3) AS bin_width
  FROM orders AS `orders`
),
`cte_current` AS (
  SELECT
    DATE_TRUNC('MONTH', `orders`.ordered_at) AS `orders_ordered_at_month`,
    CASE
      WHEN `orders`.amount IS NULL THEN NULL
      WHEN `orders`.amount >= `size_cte`.min_id + `size_cte`.bin_width * 0 AND `orders`.amount < `size_cte`.min_id + `size_cte`.bin_width * 1 THEN CONCAT(`size_cte`.min_id + `size_cte`.bin_width * 0, ' - ', `size_cte`.min_id + `size_cte`.bin_width * 1)
      WHEN `orders`.amount >= `size_cte`.min_id + `size_cte`.bin_width * 1 AND `orders`.amount < `size_cte`.min_id + `size_cte`.bin_width * 2 THEN CONCAT(`size_cte`.min_id + `size_cte`.bin_width * 1, ' - ', `size_cte`.min_id + `size_cte`.bin_width * 2)
      ELSE CONCAT(`size_cte`.min_id + `size_cte`.bin_width * 2, ' - ', `size_cte`.max_id)
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
    DATE_TRUNC('MONTH', `orders`.ordered_at) AS `orders_ordered_at_month`,
    CASE
      WHEN `orders`.amount IS NULL THEN NULL
      WHEN `orders`.amount >= `size_cte`.min_id + `size_cte`.bin_width * 0 AND `orders`.amount < `size_cte`.min_id + `size_cte`.bin_width * 1 THEN CONCAT(`size_cte`.min_id + `size_cte`.bin_width * 0, ' - ', `size_cte`.min_id + `size_cte`.bin_width * 1)
      WHEN `orders`.amount >= `size_cte`.min_id + `size_cte`.bin_width * 1 AND `orders`.amount < `size_cte`.min_id + `size_cte`.bin_width * 2 THEN CONCAT(`size_cte`.min_id + `size_cte`.bin_width * 1, ' - ', `size_cte`.min_id + `size_cte`.bin_width * 2)
      ELSE CONCAT(`size_cte`.min_id + `size_cte`.bin_width * 2, ' - ', `size_cte`.max_id)
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
    ON `cte_pop_1`.`orders_ordered_at_month` = DATE_TRUNC('MONTH', DATEADD(MONTH, -1, `cte_current`.`orders_ordered_at_month`)) AND `cte_current`.`size` <=> `cte_pop_1`.`size`
)
SELECT
  *
FROM metrics
ORDER BY `size_order`
LIMIT 500
