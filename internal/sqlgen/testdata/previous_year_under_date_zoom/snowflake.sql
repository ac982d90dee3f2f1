WITH "cte_current" AS (
  SELECT
    DATE_TRUNC('YEAR', TO_TIMESTAMP_NTZ(CONVERT_TIMEZONE('UTC', "orders".ordered_at))) AS "orders_ordered_at_month",
    SUM("orders".amount) AS "orders_revenue"
  FROM orders AS "orders"
  WHERE ("orders".order_id > 0) AND ((
    (DATE_TRUNC('DAY', TO_TIMESTAMP_NTZ(CONVERT_TIMEZONE('UTC', "orders".ordered_at)))) < ('2025-06-01')
  ))
  GROUP BY 1
),
"cte_pop_1" AS (
  SELECT
    DATE_TRUNC('YEAR', TO_TIMESTAMP_NTZ(CONVERT_TIMEZONE('UTC', "orders".ordered_at))) AS "orders_ordered_at_month",
    SUM("orders".amount) AS "orders_revenue"
  FROM orders AS "orders"
  WHERE ("orders".order_id > 0) AND ((
    (DATE_TRUNC('DAY', DATEADD(MONTH, 12, TO_TIMESTAMP_NTZ(CONVERT_TIMEZONE('UTC', "orders".ordered_at))))) < ('2025-06-01')
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
    ON "cte_pop_1"."orders_ordered_at_month" = DATE_TRUNC('YEAR', DATEADD(MONTH, -12, "cte_current"."orders_ordered_at_month"))
)
SELECT
  *
FROM metrics
LIMIT 500
