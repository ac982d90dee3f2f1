WITH original_query AS (
WITH metrics AS (
  SELECT
    dateName('month', "orders".ordered_at) AS "orders_ordered_at_month_name",
    CONCAT(FLOOR("orders".amount / 5.0) * 5, ' - ', (FLOOR("orders".amount / 5.0) + 1) * 5 - 1) AS "bin",
    FLOOR("orders".amount / 5.0) * 5 AS "bin_order",
    SUM("orders".amount) AS "orders_revenue"
  FROM orders AS "orders"
  WHERE ("orders".order_id > 0)
  GROUP BY 1,2,3
)
SELECT
  *
FROM metrics
),
cells AS (
  SELECT
    "orders_ordered_at_month_name" AS group_1,
    "bin" AS index_1,
    "bin_order" AS order_2,
    ANY_VALUE("orders_revenue") AS value_1
  FROM original_query
  GROUP BY 1,2,3
),
ranked AS (
  SELECT
    cells.*,
    DENSE_RANK() OVER (ORDER BY order_2) AS row_index,
    DENSE_RANK() OVER (ORDER BY (
    CASE
      WHEN group_1 = 'January' THEN 1
      WHEN group_1 = 'February' THEN 2
      WHEN group_1 = 'March' THEN 3
      WHEN group_1 = 'April' THEN 4
      WHEN group_1 = 'May' THEN 5
      WHEN group_1 = 'June' THEN 6
      WHEN group_1 = 'July' THEN 7
      WHEN group_1 = 'August' THEN 8
      WHEN group_1 = 'September' THEN 9
      WHEN group_1 = 'October' THEN 10
      WHEN group_1 = 'November' THEN 11
      WHEN group_1 = 'December' THEN 12
      ELSE 0
    END
  )) AS column_index
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
SETTINGS join_use_nulls = 1
