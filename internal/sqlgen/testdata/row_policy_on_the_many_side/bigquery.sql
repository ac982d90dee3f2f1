WITH `cte_metrics_items` AS (
  SELECT
    `orders`.status AS `orders_status`,
    SUM(`items`.quantity) AS `items_quantity_sold`
  FROM orders AS `orders`
  LEFT OUTER JOIN (
    SELECT * FROM items AS `items`
    WHERE `items`.`item_id` IN (1, 5)
  ) AS `items`
    ON (`items`.order_id) = (`orders`.order_id)
  WHERE (`orders`.order_id > 0)
  GROUP BY 1
),
`cte_metrics_orders` AS (
  SELECT
    `orders`.status AS `orders_status`,
    SUM(`orders`.amount) AS `orders_revenue`
  FROM orders AS `orders`
  WHERE (`orders`.order_id > 0)
  GROUP BY 1
)
SELECT
  `cte_metrics_items`.`orders_status` AS `orders_status`,
  `orders_revenue`,
  `items_quantity_sold`
FROM `cte_metrics_items`
INNER JOIN `cte_metrics_orders`
  ON (`cte_metrics_items`.`orders_status` = `cte_metrics_orders`.`orders_status` OR (`cte_metrics_items`.`orders_status` IS NULL AND `cte_metrics_orders`.`orders_status` IS NULL))
LIMIT 500
