WITH "cte_keys_orders" AS (
  SELECT DISTINCT
    "orders".status AS "orders_status",
    "orders"."order_id" AS "key_1",
    'orders' AS "key_of"
  FROM orders AS "orders"
  LEFT OUTER JOIN items AS "items"
    ON ("items".order_id) = ("orders".order_id)
  WHERE ("orders".order_id > 0) AND ((
    ("items".quantity) > (0)
  ))
)
SELECT
  "cte_keys_orders"."orders_status" AS "orders_status",
  SUM("orders".amount) AS "orders_revenue"
FROM "cte_keys_orders"
LEFT OUTER JOIN orders AS "orders"
  ON "orders"."order_id" = "cte_keys_orders"."key_1"
GROUP BY 1
LIMIT 500
