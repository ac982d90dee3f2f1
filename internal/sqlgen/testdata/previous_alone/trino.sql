WITH "cte_current" AS (
  SELECT 1 AS one_row
),
"cte_pop_1" AS (
  SELECT
    SUM("orders".amount) AS "orders_revenue"
  FROM orders AS "orders"
  WHERE ("orders".order_id > 0) AND ((
    (DATE_TRUNC('YEAR', DATE_ADD('month', 12, "orders".ordered_at))) = CAST('2025-01-01' AS timestamp)
  ))
),
metrics AS (
  SELECT
    "cte_pop_1"."orders_revenue" AS "orders_before"
  FROM "cte_current"
  CROSS JOIN "cte_pop_1"
)
SELECT
  *
FROM metrics
LIMIT 500
