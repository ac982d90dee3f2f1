SELECT
  "orders".order_id AS "orders_order_id",
  "items".quantity AS "items_quantity"
FROM orders AS "orders"
LEFT OUTER JOIN items AS "items"
  ON ("items".order_id) = ("orders".order_id)
WHERE ("orders".order_id > 0)
GROUP BY 1,2
LIMIT 500
