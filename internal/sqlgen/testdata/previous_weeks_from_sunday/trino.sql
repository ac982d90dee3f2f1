WITH "cte_current" AS (
  SELECT
    (DATE_TRUNC('WEEK', ("orders".ordered_at - interval '6' day)) + interval '6' day) AS "orders_ordered_at_week",
    SUM("orders".amount) AS "orders_revenue"
  FROM orders AS "orders"
  WHERE ("orders".order_id > 0)
  GROUP BY 1
),
"cte_pop_1" AS (
  SELECT
    (DATE_TRUNC('WEEK', ("orders".ordered_at - interval '6' day)) + interval '6' day) AS "orders_ordered_at_week",
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
    ON "cte_pop_1"."orders_ordered_at_week" = (DATE_TRUNC('WEEK', (DATE_ADD('day', -28, "cte_current"."orders_ordered_at_week") - interval '6' day)) + interval '6' day)
)
SELECT
  *
FROM metrics
LIMIT 500
