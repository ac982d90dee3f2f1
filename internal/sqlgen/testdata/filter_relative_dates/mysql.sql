SELECT
  `customers`.customer_id AS `customers_customer_id`
FROM customers AS `customers`
WHERE ((
  ((`customers`.joined) >= ('2016-11-23') AND (`customers`.joined) <= ('2026-11-23'))
) AND (
  (NOT ((`customers`.joined) >= ('2026-11-23') AND (`customers`.joined) <= ('2026-11-23')))
))
LIMIT 500
