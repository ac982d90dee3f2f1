WITH `cte_metrics_items` AS (
  SELECT
    `customers`.region AS `customers_region`,
    SUM(`items`.quantity) AS `items_quantity_sold`
  FROM (
    SELECT * FROM orders AS `orders`
    WHERE (`orders`.`account_id` IN ('7') AND CAST(CONVERT(`orders`.`account_id` USING utf8mb4) AS BINARY) IN ('7'))
  ) AS `orders`
  LEFT OUTER JOIN (
    SELECT * FROM customers AS `customers`
    WHERE (`customers`.`account_id` IN ('7') AND CAST(CONVERT(`customers`.`account_id` USING utf8mb4) AS BINARY) IN ('7'))
  ) AS `customers`
    ON (`orders`.customer_id) = (`customers`.customer_id)
  LEFT OUTER JOIN items AS `items`
    ON (`items`.order_id) = (`orders`.order_id)
  WHERE (`orders`.order_id > 0)
  GROUP BY 1
),
`cte_metrics_orders` AS (
  SELECT
    `customers`.region AS `customers_region`,
    SUM(`orders`.amount) AS `orders_revenue`
  FROM (
    SELECT * FROM orders AS `orders`
    WHERE (`orders`.`account_id` IN ('7') AND CAST(CONVERT(`orders`.`account_id` USING utf8mb4) AS BINARY) IN ('7'))
  ) AS `orders`
  LEFT OUTER JOIN (
    SELECT * FROM customers AS `customers`
    WHERE (`customers`.`account_id` IN ('7') AND CAST(CONVERT(`customers`.`account_id` USING utf8mb4) AS BINARY) IN ('7'))
  ) AS `customers`
    ON (`orders`.customer_id) = (`customers`.customer_id)
  WHERE (`orders`.order_id > 0)
  GROUP BY 1
)
SELECT
  `cte_metrics_items`.`customers_region` AS `customers_region`,
  `orders_revenue`,
  `items_quantity_sold`
FROM `cte_metrics_items`
INNER JOIN `cte_metrics_orders`
  ON `cte_metrics_items`.`customers_region` <=> `cte_metrics_orders`.`customers_region`
LIMIT 500
