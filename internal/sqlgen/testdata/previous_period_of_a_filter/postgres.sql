WITH "cte_current" AS (
  SELECT
    SUM("orders".amount) AS "orders_revenue"
  FROM orders AS "orders"
  WHERE ("orders".order_id > 0) AND ((
    ("orders".ordered_at) >= ('2024-03-01 00:00:00')
  ) AND (
    ("orders".ordered_at) < ('2024-10-01 00:00:00')
  ))
),
"cte_pop_1" AS (
  SELECT
    SUM("orders".amount) AS "orders_revenue"
  FROM orders AS "orders"
  WHERE ("orders".order_id > 0) AND ((
    (("orders".ordered_at + INTERVAL '2 months')) >= ('2024-03-01 00:00:00')
  ) AND (
    (("orders".ordered_at + INTERVAL '2 months')) < ('2024-10-01 00:00:00')
  ))
),
metrics AS (
  SELECT
    "cte_current"."orders_revenue" AS "orders_revenue",
    "cte_pop_1"."orders_revenue" AS "orders_before"
  FROM "cte_current"
  CROSS JOIN "cte_pop_1"
)
SELECT
  *
FROM metrics
LIMIT 500
