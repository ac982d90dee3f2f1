WITH metrics AS (
  SELECT
    DATE_TRUNC('MONTH', "orders".ordered_at) AS "orders_ordered_at_month",
    SUM("orders".amount) AS "orders_revenue"
  FROM orders AS "orders"
  WHERE ("orders".order_id > 0) AND ((
    ("orders".ordered_at) IS NOT NULL
  ))
  GROUP BY 1
)
SELECT
  *,
  ("orders_revenue" * 1.0 / NULLIF(SUM("orders_revenue") OVER (), 0)) AS "c"
FROM metrics
ORDER BY "orders_ordered_at_month"
LIMIT 500
