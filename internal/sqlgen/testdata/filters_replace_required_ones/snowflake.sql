SELECT
  "mine".order_id AS "mine_order_id"
FROM orders AS "mine"
WHERE ("mine".status IN ('done') OR "mine".amount > 100) AND ((
  ("mine".status) IN ('done')
))
LIMIT 500
