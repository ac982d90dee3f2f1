WITH original_query AS (
WITH metrics AS (
  SELECT
    ((`orders`.status)) AS `a"b\`c\\`,
    SUM(`orders`.amount) AS `orders_revenue`
  FROM orders AS `orders`
  WHERE (`orders`.order_id > 0)
  GROUP BY 1
)
SELECT
  *,
  1 AS `x" FROM orders --`
FROM metrics
),
cells AS (
  SELECT
    `a"b\`c\\` AS group_1,
    ANY_VALUE(`x" FROM orders --`) AS value_1
  FROM original_query
  GROUP BY 1
),
ranked AS (
  SELECT
    cells.*,
    1 AS row_index,
    DENSE_RANK() OVER (ORDER BY group_1 DESC) AS column_index
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
  value_1,
  row_index,
  column_index,
  total_columns
FROM counted
WHERE row_index <= 500 AND column_index <= 60
ORDER BY row_index, column_index
