WITH original_query AS (
SELECT
  DATE_TRUNC('MONTH', "orders".ordered_at) AS "orders_ordered_at_month",
  "orders".status AS "orders_status",
  SUM("orders".amount) AS "orders_revenue"
FROM orders AS "orders"
WHERE ("orders".order_id > 0)
GROUP BY 1,2
),
cells AS (
  SELECT
    "orders_status" AS group_1,
    "orders_ordered_at_month" AS index_1,
    ANY_VALUE("orders_revenue") AS value_1
  FROM original_query
  GROUP BY 1,2
),
ranked AS (
  SELECT
    cells.*,
    DENSE_RANK() OVER (ORDER BY index_1) AS row_index,
    DENSE_RANK() OVER (ORDER BY group_1) AS column_index
  FROM cells
),
counted AS (
  SELECT
    ranked.*,
    MAX(column_index) OVER () AS total_columns
  FROM ranked
)
SELECT
  group_1,
  index_1,
  value_1,
  row_index,
  column_index,
  total_columns
FROM counted
WHERE row_index <= 500 AND column_index <= 60
ORDER BY row_index, column_index
