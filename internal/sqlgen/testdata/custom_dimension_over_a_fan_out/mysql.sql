WITH `cte_metrics_items` AS (
  SELECT
    (CASE WHEN (`items`.quantity) > 2 THEN 'many' ELSE 'few' END) AS `size`,
    SUM(`items`.quantity) AS `items_quantity_sold`
  FROM orders AS `orders`
  LEFT OUTER JOIN items AS `items`
    ON (`items`.order_id) = (`orders`.order_id)
  WHERE (`orders`.order_id > 0)
  GROUP BY 1
),
`cte_keys_orders` AS (
  SELECT DISTINCT
    (CASE WHEN (`items`.quantity) > 2 THEN 'many' ELSE 'few' END) AS `size`,
    `orders`.`order_id` AS `key_1`
  FROM orders AS `orders`
  LEFT OUTER JOIN items AS `items`
    ON (`items`.order_id) = (`orders`.order_id)
  WHERE (`orders`.order_id > 0)
),
`cte_metrics_orders` AS (
  SELECT
    `cte_keys_orders`.`size` AS `size`,
    SUM(`orders`.amount) AS `orders_revenue`
  FROM `cte_keys_orders`
  LEFT OUTER JOIN orders AS `orders`
    ON `orders`.`order_id` = `cte_keys_orders`.`key_1`
  GROUP BY 1
)
SELECT
  `cte_metrics_items`.`size` AS `size`,
  `orders_revenue`,
  `items_quantity_sold`
FROM `cte_metrics_items`
INNER JOIN `cte_metrics_orders`
  ON `cte_metrics_items`.`size` <=> `cte_metrics_orders`.`size`
LIMIT 500
