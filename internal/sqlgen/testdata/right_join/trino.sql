SELECT
  "facts".order_id AS "facts_order_id",
  "items".item_id AS "items_item_id"
FROM orders AS "facts"
RIGHT OUTER JOIN items AS "items"
  ON ("facts".order_id) = ("items".order_id)
GROUP BY 1,2
LIMIT 500
