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
    UPPER("orders_status") AS "loud"
  FROM metrics
)
SELECT *
FROM table_calculations
WHERE ((
  ("loud") IN ('DONE')
))
LIMIT 500
