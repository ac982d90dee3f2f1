WITH metrics AS (
  SELECT
    "orders".order_id AS "orders_order_id",
    SUM("orders".amount) AS "orders_revenue"
  FROM orders AS "orders"
  WHERE ("orders".order_id > 0)
  GROUP BY 1
),
table_calculations AS (
  SELECT
    *,
    "orders_revenue" / 2.0 AS "half"
  FROM metrics
)
SELECT *
FROM table_calculations
WHERE ((
  ("half") > (7)
))
LIMIT 500
