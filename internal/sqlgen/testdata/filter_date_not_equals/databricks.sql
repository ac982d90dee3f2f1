SELECT
  `people`.customer_id AS `people_customer_id`
FROM customers AS `people`
WHERE ((
  ((`people`.joined) != ('2024-02-29') OR (`people`.joined) IS NULL)
))
LIMIT 500
