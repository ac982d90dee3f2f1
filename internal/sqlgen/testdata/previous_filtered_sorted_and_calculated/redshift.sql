WITH "cte_current" AS (
  SELECT
    DATE_TRUNC('MONTH', "orders".ordered_at) AS "orders_ordered_at_month",
    SUM("orders".amount) AS "orders_revenue"
  FROM orders AS "orders"
  WHERE ("orders".order_id > 0)
  GROUP BY 1
),
"cte_pop_1" AS (
  SELECT
    DATE_TRUNC('MONTH', "orders".ordered_at) AS "orders_ordered_at_month",
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
    ON "cte_pop_1"."orders_ordered_at_month" = DATE_TRUNC('MONTH', DATEADD(MONTH, -1, "cte_current"."orders_ordered_at_month"))
)
SELECT
  *,
  "orders_revenue" - "orders_before" AS "change"
FROM metrics
WHERE ((
  ("orders_before") IS NOT NULL
))
ORDER BY "orders_before" DESC NULLS LAST
LIMIT 500
