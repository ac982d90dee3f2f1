WITH "cte_current" AS (
  SELECT
    "orders".status AS "orders_status",
    SUM("orders".amount) AS "orders_revenue"
  FROM orders AS "orders"
  WHERE ("orders".order_id > 0)
  GROUP BY 1
),
metrics AS (
  SELECT
    "cte_current"."orders_status" AS "orders_status",
    "cte_current"."orders_revenue" AS "orders_revenue",
    NULL AS "orders_before"
  FROM "cte_current"
)
SELECT
  *
FROM metrics
LIMIT 500
