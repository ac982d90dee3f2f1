WITH metrics AS (
  SELECT
    (("orders".status)) AS "a\"b`c\\",
    SUM("orders".amount) AS "orders_revenue"
  FROM orders AS "orders"
  WHERE ("orders".order_id > 0)
  GROUP BY 1
)
SELECT
  *,
  1 AS "x\" FROM orders --"
FROM metrics
ORDER BY "a\"b`c\\"
LIMIT 500
SETTINGS join_use_nulls = 1
