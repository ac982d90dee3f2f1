WITH "cte_current" AS (
  SELECT
    date_trunc('year', "orders".ordered_at) AS "orders_ordered_at_month",
    SUM("orders".amount) AS "orders_revenue"
  FROM orders AS "orders"
  WHERE ("orders".order_id > 0) AND ((
    (date_trunc('day', "orders".ordered_at)) < ('2025-06-01')
  ))
  GROUP BY 1
),
"cte_pop_1" AS (
  SELECT
    date_trunc('year', "orders".ordered_at) AS "orders_ordered_at_month",
    SUM("orders".amount) AS "orders_revenue"
  FROM orders AS "orders"
  WHERE ("orders".order_id > 0) AND ((
    (date_trunc('day', addMonths("orders".ordered_at, 12))) < ('2025-06-01')
  ))
  GROUP BY 1
),
metrics AS (
  SELECT
    "cte_current"."orders_ordered_at_month" AS "orders_ordered_at_month",
    "cte_current"."orders_revenue" AS "orders_revenue",
    "cte_pop_1"."orders_revenue" AS "orders_before"
  FROM "cte_current"
  LEFT OUTER JOIN "cte_pop_1"
    ON "cte_pop_1"."orders_ordered_at_month" = date_trunc('year', addMonths("cte_current"."orders_ordered_at_month", -12))
)
SELECT
  *
FROM metrics
LIMIT 500
SETTINGS join_use_nulls = 1
