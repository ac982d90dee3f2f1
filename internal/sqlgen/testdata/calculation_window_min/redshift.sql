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
  MIN("orders_revenue") OVER (ORDER BY "orders_ordered_at_month" ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING) AS "c"
FROM metrics
ORDER BY "orders_ordered_at_month"
LIMIT 500
