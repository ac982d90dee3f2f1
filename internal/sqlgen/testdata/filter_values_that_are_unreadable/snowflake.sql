SELECT
  "orders".order_id AS "orders_order_id"
FROM orders AS "orders"
LEFT OUTER JOIN customers AS "customers"
  ON ("orders".customer_id) = ("customers".customer_id)
WHERE ("orders".order_id > 0) AND ((
  ("orders".amount) IN ('abc','1) OR (1=1')
) AND (
  ("orders".amount) > ('x')
) AND (
  (TO_TIMESTAMP_NTZ(CONVERT_TIMEZONE('UTC', "orders".ordered_at))) > ('Invalid date')
) AND (
  (("customers".joined) >= ('Invalid date') AND ("customers".joined) <= ('Invalid date'))
))
LIMIT 500
