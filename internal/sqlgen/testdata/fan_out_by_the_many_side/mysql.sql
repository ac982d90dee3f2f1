WITH `cte_keys_orders` AS (
  SELECT DISTINCT
    `items`.quantity AS `items_quantity`,
    `orders`.`order_id` AS `key_1`
  FROM orders AS `orders`
  LEFT OUTER JOIN items AS `items`
    ON (`items`.order_id) = (`orders`.order_id)
  WHERE (`orders`.order_id > 0)
)
SELECT
  `cte_keys_orders`.`items_quantity` AS `items_quantity`,
  SUM(`orders`.amount) AS `orders_revenue`,
  COUNT(`orders`.order_id) AS `orders_order_count`
FROM `cte_keys_orders`
LEFT OUTER JOIN orders AS `orders`
  ON `orders`.`order_id` = `cte_keys_orders`.`key_1`
GROUP BY 1
LIMIT 500
