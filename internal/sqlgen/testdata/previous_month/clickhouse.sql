WITH "cte_current" AS (
  SELECT
    date_trunc('month', "orders".ordered_at) AS "orders_ordered_at_month",
    SUM("orders".amount) AS "orders_revenue"
  FROM orders AS "orders"
  WHERE ("orders".order_id > 0)
  GROUP BY 1
),
"cte_pop_1" AS (
  SELECT
    date_trunc('month', "orders".ordered_at) AS "orders_ordered_at_month",
    SUM("orders".amount) AS "orders_revenue"
  FROM orders AS "orders"
  WHERE ("orders".order_id > 0)
  GROUP BY 1
),
metrics AS (
  SELECT
    "cte_current"."orders_ordered_at_month" AS "orders_ordered_at_month",
    "cte_current"."orders_revenue" AS "orders_revenue",
    "cte_pop_1"."orders_revenue" AS "orders_before"
  FROM "cte_current"
  LEFT OUTER JOIN "cte_pop_1"
    ON "cte_pop_1"."orders_ordered_at_month" = date_trunc('month', addMonths("cte_current"."orders_ordered_at_month", -1))
)
SELECT
  *
FROM metrics
ORDER BY "orders_ordered_at_month"
LIMIT 500
SETTINGS join_use_nulls = 1
