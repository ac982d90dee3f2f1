SELECT
  `orders`.status AS `orders_status`,
  `customers`.region AS `customers_region`,
  SUM(`orders`.amount) AS `orders_revenue`
FROM (
  SELECT * FROM orders AS `orders`
  WHERE ((`orders`.`account_id` IN ('7') AND CAST(CONVERT(`orders`.`account_id` USING utf8mb4) AS BINARY) IN ('7')) OR `orders`.`account_id` IS NULL) AND (`orders`.`status` IN ('it''s', 'done') AND CAST(CONVERT(`orders`.`status` USING utf8mb4) AS BINARY) IN ('it''s', 'done'))
) AS `orders`
LEFT OUTER JOIN (
  SELECT * FROM customers AS `customers`
  WHERE (`customers`.`account_id` IN ('7') AND CAST(CONVERT(`customers`.`account_id` USING utf8mb4) AS BINARY) IN ('7'))
) AS `customers`
  ON (`orders`.customer_id) = (`customers`.customer_id)
WHERE (`orders`.order_id > 0)
GROUP BY 1,2
LIMIT 500
