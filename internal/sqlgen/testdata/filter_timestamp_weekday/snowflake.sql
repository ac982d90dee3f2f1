SELECT
  "orders".order_id AS "orders_order_id"
FROM orders AS "orders"
WHERE ("orders".order_id > 0) AND ((
  (DECODE(TO_CHAR(TO_TIMESTAMP_NTZ(CONVERT_TIMEZONE('UTC', "orders".ordered_at)), 'DY'), 'Mon', 'Monday', 'Tue', 'Tuesday', 'Wed', 'Wednesday', 'Thu', 'Thursday', 'Fri', 'Friday', 'Sat', 'Saturday', 'Sun', 'Sunday')) IN ('Sunday')
))
LIMIT 500
