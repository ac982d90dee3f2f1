WITH metrics AS (
  SELECT
    DATE_TRUNC('MONTH', TO_TIMESTAMP_NTZ(CONVERT_TIMEZONE('UTC', "orders".ordered_at))) AS "orders_ordered_at_month",
    SUM("orders".amount) AS "orders_revenue"
  FROM orders AS "orders"
  WHERE ("orders".order_id > 0) AND ((
    (TO_TIMESTAMP_NTZ(CONVERT_TIMEZONE('UTC', "orders".ordered_at))) IS NOT NULL
  ))
  GROUP BY 1
)
SELECT
  *,
  SUM("orders_revenue") OVER (ORDER BY "orders_ordered_at_month" RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS "c"
FROM metrics
ORDER BY "orders_ordered_at_month"
LIMIT 500
