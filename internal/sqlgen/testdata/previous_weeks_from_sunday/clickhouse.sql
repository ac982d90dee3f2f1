WITH "cte_current" AS (
  SELECT
    addDays(date_trunc('week', subtractDays("orders".ordered_at, 6)), 6) AS "orders_ordered_at_week",
    SUM("orders".amount) AS "orders_revenue"
  FROM orders AS "orders"
  WHERE ("orders".order_id > 0)
  GROUP BY 1
),
"cte_pop_1" AS (
  SELECT
    addDays(date_trunc('week', subtractDays("orders".ordered_at, 6)), 6) AS "orders_ordered_at_week",
    SUM("orders".amount) AS "orders_revenue"
  FROM orders AS "orders"
  WHERE ("orders".order_id > 0)
  GROUP BY 1
),
metrics AS (
  SELECT
    "cte_current"."orders_ordered_at_week" AS "orders_ordered_at_week",
    "cte_current"."orders_revenue" AS "orders_revenue",
    "cte_pop_1"."orders_revenue" AS "orders_before"
  FROM "cte_current"
  LEFT OUTER JOIN "cte_pop_1"
    ON "cte_pop_1"."orders_ordered_at_week" = addDays(date_trunc('week', subtractDays(addDays("cte_current"."orders_ordered_at_week", -28), 6)), 6)
)
SELECT
  *
FROM metrics
LIMIT 500
SETTINGS join_use_nulls = 1
