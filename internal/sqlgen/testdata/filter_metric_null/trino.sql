WITH metrics AS (
  SELECT
    "orders".status AS "orders_status",
    SUM("orders".amount) AS "orders_revenue"
  FROM orders AS "orders"
  WHERE ("orders".order_id > 0)
  GROUP BY 1
)
SELECT
  *
FROM metrics
WHERE ((
  ("orders_revenue") IS NULL
))
LIMIT 500
