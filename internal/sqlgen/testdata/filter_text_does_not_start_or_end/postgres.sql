SELECT
  "orders".status AS "orders_status"
FROM orders AS "orders"
WHERE ("orders".order_id > 0) AND ((
  ("orders".status) NOT LIKE 'a%'
  AND
  ("orders".status) NOT LIKE 'b!%'
) AND (
  ("orders".status) NOT LIKE '%'''
  AND
  ("orders".status) NOT LIKE '%!%' ESCAPE '!'
))
GROUP BY 1
LIMIT 500
