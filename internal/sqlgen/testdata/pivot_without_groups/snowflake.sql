WITH original_query AS (
WITH metrics AS (
  SELECT
    "orders".status AS "orders_status",
    SUM("orders".amount) AS "orders_revenue"
  FROM orders AS "orders"
  WHERE ("orders".order_id > 0)
  GROUP BY 1
)
SELECT
  *,
  "orders_revenue" * 2 AS "double"
FROM metrics
),
cells AS (
  SELECT
    "orders_status" AS index_1,
    SUM("double") AS value_1,
    AVG("orders_revenue") AS value_2
  FROM original_query
  GROUP BY 1
),
ranked AS (
  SELECT
    cells.*,
    DENSE_RANK() OVER (ORDER BY index_1) AS row_index,
    1 AS column_index
  FROM cells
),
counted AS (
  SELECT
    ranked.*,
    MAX(column_index) OVER () AS total_columns
  FROM ranked
)
SELECT
  index_1,
  value_1,
  value_2,
  row_index,
  column_index,
  total_columns
FROM counted
WHERE row_index <= 500 AND column_index <= 60
ORDER BY row_index, column_index
