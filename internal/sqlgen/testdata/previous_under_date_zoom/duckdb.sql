WITH "cte_current" AS (
  SELECT
    DATE_TRUNC('YEAR', "orders".ordered_at) AS "orders_ordered_at_month",
    MONTHNAME("orders".ordered_at) AS "orders_ordered_at_month_name",
    SUM("orders".amount) AS "orders_revenue"
  FROM orders AS "orders"
  WHERE ("orders".order_id > 0)
  GROUP BY 1,2
),
"cte_pop_1" AS (
  SELECT
    DATE_TRUNC('YEAR', "orders".ordered_at) AS "orders_ordered_at_month",
    MONTHNAME("orders".ordered_at) AS "orders_ordered_at_month_name",
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
    ON "cte_pop_1"."orders_ordered_at_month" = DATE_TRUNC('YEAR', ("cte_current"."orders_ordered_at_month" - INTERVAL '12 months')) AND "cte_current"."orders_ordered_at_month_name" IS NOT DISTINCT FROM "cte_pop_1"."orders_ordered_at_month_name"
)
SELECT
  *
FROM metrics
LIMIT 500
