SELECT
  "orders".order_id AS "orders_order_id"
FROM orders AS "orders"
WHERE ("orders".order_id > 0) AND ((
  (date_format("orders".ordered_at, '%W')) IN ('Sunday')
))
LIMIT 500
