SELECT
  `people`.customer_id AS `people_customer_id`
FROM (
  SELECT * FROM customers AS `people`
  WHERE `people`.`first_name` IN ('ann', 'zoe ')
) AS `people`
LIMIT 500
