WITH "cte_current" AS (
  SELECT
    DATE_TRUNC('WEEK', TO_TIMESTAMP_NTZ(CONVERT_TIMEZONE('UTC', "orders".ordered_at))) AS "orders_ordered_at_week",
    SUM("orders".amount) AS "orders_revenue"
  FROM orders AS "orders"
  WHERE ("orders".order_id > 0)
  GROUP BY 1
),
"cte_pop_1" AS (
  SELECT
    DATE_TRUNC('WEEK', TO_TIMESTAMP_NTZ(CONVERT_TIMEZONE('UTC', "orders".ordered_at))) AS "orders_ordered_at_week",
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
    ON "cte_pop_1"."orders_ordered_at_week" = DATE_TRUNC('WEEK', DATEADD(DAY, -28, "cte_current"."orders_ordered_at_week"))
)
SELECT
  *
FROM metrics
LIMIT 500
