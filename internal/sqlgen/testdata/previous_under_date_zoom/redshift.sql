WITH "cte_current" AS (
  SELECT
    DATE_TRUNC('YEAR', "orders".ordered_at) AS "orders_ordered_at_month",
    TO_CHAR("orders".ordered_at, 'FMMonth') AS "orders_ordered_at_month_name",
    SUM("orders".amount) AS "orders_revenue"
  FROM orders AS "orders"
  WHERE ("orders".order_id > 0)
  GROUP BY 1,2
),
"cte_pop_1" AS (
  SELECT
    DATE_TRUNC('YEAR', "orders".ordered_at) AS "orders_ordered_at_month",
    TO_CHAR("orders".ordered_at, 'FMMonth') AS "orders_ordered_at_month_name",
    SUM("orders".amount) AS "orders_revenue"
  FROM orders AS "orders"
  WHERE ("orders".order_id > 0)
  GROUP BY 1,2
),
metrics AS (
  SELECT
    "cte_current"."orders_ordered_at_month" AS "orders_ordered_at_month",
    "cte_current"."orders_ordered_at_month_name" AS "orders_ordered_at_month_name",
    "cte_current"."orders_revenue" AS "orders_revenue",
    "cte_pop_1"."orders_revenue" AS "orders_before"
  FROM "cte_current"
  LEFT OUTER JOIN "cte_pop_1"
    ON "cte_pop_1"."orders_ordered_at_month" = DATE_TRUNC('YEAR', DATEADD(MONTH, -12, "cte_current"."orders_ordered_at_month")) AND ("cte_current"."orders_ordered_at_month_name" = "cte_pop_1"."orders_ordered_at_month_name" OR ("cte_current"."orders_ordered_at_month_name" IS NULL AND "cte_pop_1"."orders_ordered_at_month_name" IS NULL))
)
SELECT
  *
FROM metrics
LIMIT 500
