WITH metrics AS (
  SELECT
    "orders".status AS "orders_status",
    SUM("orders".amount) AS "orders_revenue"
  FROM orders AS "orders"
  WHERE ("orders".order_id > 0)
  GROUP BY 1
),
table_calculations AS (
  SELECT
    *,
    "orders_revenue" * 2 AS "double"
  FROM metrics
  WHERE ((
    ("orders_revenue") IS NOT NULL
  ))
)
SELECT *
FROM table_calculations
WHERE ((
  ("double") > (10)
))
LIMIT 500
SETTINGS join_use_nulls = 1
