SELECT
  (COALESCE(("orders".status), 'other')) AS "group"
FROM orders AS "orders"
WHERE ("orders".order_id > 0) AND ((
  LOWER(COALESCE(("orders".status), 'other')) LIKE LOWER('%OTHER%')
))
GROUP BY 1
LIMIT 500
