SELECT
  `people`.customer_id AS `people_customer_id`
FROM customers AS `people`
WHERE ((
  NOT ((`people`.joined) >= ('2026-02-23') AND (`people`.joined) <= ('2026-11-23'))
))
LIMIT 500
