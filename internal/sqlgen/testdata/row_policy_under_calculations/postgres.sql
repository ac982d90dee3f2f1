WITH metrics AS (
  SELECT
    "orders".order_id AS "orders_order_id",
    SUM("orders".amount) AS "orders_revenue"
  FROM (
    SELECT * FROM orders AS "orders"
    WHERE "orders"."account_id" IN (7)
  ) AS "orders"
  WHERE ("orders".order_id > 0)
  GROUP BY 1
)
SELECT
  *,
  ("orders_revenue" * 1.0 / NULLIF(SUM("orders_revenue") OVER (), 0)) AS "c"
FROM metrics
LIMIT 500
