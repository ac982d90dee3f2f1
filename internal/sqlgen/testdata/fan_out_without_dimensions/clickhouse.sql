WITH "cte_metrics_items" AS (
  SELECT
    SUM(("items".quantity) * ("items".price)) AS "items_value"
  FROM orders AS "orders"
  LEFT OUTER JOIN items AS "items"
    ON ("items".order_id) = ("orders".order_id)
  WHERE ("orders".order_id > 0)
),
"cte_metrics_orders" AS (
  SELECT
    SUM("orders".amount) AS "orders_revenue"
  FROM orders AS "orders"
  WHERE ("orders".order_id > 0)
)
SELECT
  "orders_revenue",
  "items_value"
FROM "cte_metrics_items"
CROSS JOIN "cte_metrics_orders"
LIMIT 500
SETTINGS join_use_nulls = 1
