WITH metrics AS (
  SELECT
    "orders".order_id AS "orders_order_id",
    SUM("orders".amount) AS "orders_revenue"
  FROM orders AS "orders"
  WHERE ("orders".order_id > 0)
  GROUP BY 1
)
SELECT
  *,
  "orders_revenue" / 2.0 AS "half"
FROM metrics
ORDER BY "half" DESC NULLS LAST
LIMIT 500
SETTINGS join_use_nulls = 1
