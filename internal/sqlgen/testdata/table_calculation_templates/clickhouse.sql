WITH metrics AS (
  SELECT
    date_trunc('month', "orders".ordered_at) AS "orders_ordered_at_month",
    "orders".status AS "orders_status",
    SUM("orders".amount) AS "orders_revenue"
  FROM orders AS "orders"
  WHERE ("orders".order_id > 0)
  GROUP BY 1,2
)
SELECT
  *,
  ("orders_revenue" * 1.0 / NULLIF(LAG("orders_revenue") OVER (ORDER BY "orders_ordered_at_month"), 0)) - 1 AS "change",
  ("orders_revenue" * 1.0 / NULLIF(LAG("orders_revenue") OVER (ORDER BY "orders_ordered_at_month"), 0)) AS "of_previous",
  ("orders_revenue" * 1.0 / NULLIF(SUM("orders_revenue") OVER (PARTITION BY "orders_status"), 0)) AS "of_total",
  RANK() OVER (ORDER BY "orders_revenue" ASC) AS "rank",
  SUM("orders_revenue") OVER (ORDER BY "orders_ordered_at_month" ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS "running",
  AVG("orders_revenue") OVER (PARTITION BY "orders_status" ORDER BY "orders_ordered_at_month" ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) AS "moving",
  ROW_NUMBER() OVER (ORDER BY "orders_ordered_at_month") AS "row"
FROM metrics
LIMIT 500
SETTINGS join_use_nulls = 1
