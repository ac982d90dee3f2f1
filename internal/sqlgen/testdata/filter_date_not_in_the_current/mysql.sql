SELECT
  `people`.customer_id AS `people_customer_id`
FROM customers AS `people`
WHERE ((
  (NOT ((`people`.joined) >= ('2026-10-01') AND (`people`.joined) <= ('2026-12-31')))
))
LIMIT 500
