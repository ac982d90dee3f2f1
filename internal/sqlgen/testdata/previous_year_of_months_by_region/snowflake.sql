WITH "cte_current" AS (
  SELECT
    DATE_TRUNC('MONTH', TO_TIMESTAMP_NTZ(CONVERT_TIMEZONE('UTC', "orders".ordered_at))) AS "orders_ordered_at_month",
    "customers".region AS "customers_region",
    SUM("orders".amount) AS "orders_revenue"
  FROM orders AS "orders"
  LEFT OUTER JOIN customers AS "customers"
    ON ("orders".customer_id) = ("customers".customer_id)
  WHERE ("orders".order_id > 0)
  GROUP BY 1,2
),
"cte_pop_1" AS (
  SELECT
    DATE_TRUNC('MONTH', TO_TIMESTAMP_NTZ(CONVERT_TIMEZONE('UTC', "orders".ordered_at))) AS "orders_ordered_at_month",
    "customers".region AS "customers_region",
    SUM("orders".amount) AS "orders_revenue"
  FROM orders AS "orders"
  LEFT OUTER JOIN customers AS "customers"
    ON ("orders".customer_id) = ("customers".customer_id)
  WHERE ("orders".order_id > 0)
  GROUP BY 1,2
),
metrics AS (
  SELECT
    "cte_current"."orders_ordered_at_month" AS "orders_ordered_at_month",
    "cte_current"."customers_region" AS "customers_region",
    "cte_pop_1"."orders_revenue" AS "orders_year_ago",
    "cte_current"."orders_revenue" AS "orders_revenue"
  FROM "cte_current"
  LEFT OUTER JOIN "cte_pop_1"
    ON "cte_pop_1"."orders_ordered_at_month" = DATE_TRUNC('MONTH', DATEADD(MONTH, -12, "cte_current"."orders_ordered_at_month")) AND "cte_current"."customers_region" IS NOT DISTINCT FROM "cte_pop_1"."customers_region"
)
SELECT
  *
FROM metrics
LIMIT 500
