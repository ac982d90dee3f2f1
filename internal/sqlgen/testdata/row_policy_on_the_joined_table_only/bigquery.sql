SELECT
  `orders`.order_id AS `orders_order_id`,
  `customers`.first_name AS `customers_first_name`
FROM orders AS `orders`
LEFT OUTER JOIN (
  SELECT * FROM customers AS `customers`
  WHERE `customers`.`account_id` IN (8)
) AS `customers`
  ON (`orders`.customer_id) = (`customers`.customer_id)
WHERE (`orders`.order_id > 0)
LIMIT 500
