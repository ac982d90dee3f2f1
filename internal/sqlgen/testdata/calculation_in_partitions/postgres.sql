WITH metrics AS (
  SELECT
    DATE_TRUNC('MONTH', "orders".ordered_at) AS "orders_ordered_at_month",
    "orders".status AS "orders_status",
    SUM("orders".amount) AS "orders_revenue"
  FROM orders AS "orders"
  WHERE ("orders".order_id > 0) AND ((
    ("orders".ordered_at) IS NOT NULL
  ))
  GROUP BY 1,2
)
SELECT
  *,
  SUM("orders_revenue") OVER (PARTITION BY "orders_status" ORDER BY "orders_ordered_at_month" ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS "c"
FROM metrics
LIMIT 500
