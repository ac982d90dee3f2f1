WITH original_query AS (
WITH `cte_keys_orders` AS (
  SELECT DISTINCT
    `items`.quantity AS `items_quantity`,
    `orders`.status AS `orders_status`,
    `orders`.`order_id` AS `key_1`
  FROM orders AS `orders`
  LEFT OUTER JOIN items AS `items`
    ON (`items`.order_id) = (`orders`.order_id)
  WHERE (`orders`.order_id > 0)
)
SELECT
  `cte_keys_orders`.`items_quantity` AS `items_quantity`,
  `cte_keys_orders`.`orders_status` AS `orders_status`,
  SUM(`orders`.amount) AS `orders_revenue`
FROM `cte_keys_orders`
LEFT OUTER JOIN orders AS `orders`
  ON `orders`.`order_id` = `cte_keys_orders`.`key_1`
GROUP BY 1,2
),
cells AS (
  SELECT
    `orders_status` AS group_1,
    `items_quantity` AS index_1,
    MAX(`orders_revenue`) AS value_1
  FROM original_query
  GROUP BY 1,2
),
ranked AS (
  SELECT
    cells.*,
    DENSE_RANK() OVER (ORDER BY index_1) AS row_index,
    DENSE_RANK() OVER (ORDER BY group_1) AS column_index
  FROM cells
),
counted AS (
  SELECT
    ranked.*,
    MAX(column_index) OVER () AS total_columns
  FROM ranked
)
SELECT
  group_1,
  index_1,
  value_1,
  row_index,
  column_index,
  total_columns
FROM counted
WHERE row_index <= 500 AND column_index <= 60
ORDER BY row_index, column_index
