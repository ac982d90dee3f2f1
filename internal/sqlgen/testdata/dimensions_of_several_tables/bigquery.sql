SELECT
  `people`.region AS `people_region`,
  `orders`.status AS `orders_status`
FROM customers AS `people`
LEFT OUTER JOIN (
  SELECT * FROM orders AS `orders`
  WHERE (`orders`.order_id > 0)
) AS `orders`
  ON (`people`.customer_id) = (`orders`.customer_id)
GROUP BY 1,2
LIMIT 500
