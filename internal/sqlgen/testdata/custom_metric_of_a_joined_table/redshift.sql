SELECT
  "orders".status AS "orders_status",
  SUM("items".quantity) AS "items_pieces"
FROM orders AS "orders"
LEFT OUTER JOIN items AS "items"
  ON ("items".order_id) = ("orders".order_id)
WHERE ("orders".order_id > 0)
GROUP BY 1
LIMIT 500
