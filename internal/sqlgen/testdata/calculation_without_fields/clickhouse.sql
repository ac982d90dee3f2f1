WITH metrics AS (
  SELECT
    NULL
  FROM orders AS "orders"
  WHERE ("orders".order_id > 0)
)
SELECT
  1 AS "one"
FROM metrics
LIMIT 1
SETTINGS join_use_nulls = 1
