WITH original_query AS (
WITH metrics AS (
  SELECT
    `orders`.status AS `orders_status`,
    `customers`.region AS `customers_region`,
    SUM(`orders`.amount) AS `orders_revenue`
  FROM orders AS `orders`
  LEFT OUTER JOIN customers AS `customers`
    ON (`orders`.customer_id) = (`customers`.customer_id)
  WHERE (`orders`.order_id > 0)
  GROUP BY 1,2
),
calculations_1 AS (
  SELECT
    *,
    `orders_revenue` * 2 AS `a`
  FROM metrics
)
SELECT
  `orders_status`,
  `customers_region`,
  `orders_revenue`,
  `a`,
  `a` + 1 AS `b`
FROM calculations_1
),
cells AS (
  SELECT
    `customers_region` AS group_1,
    `orders_status` AS index_1,
    SUM(`b`) AS value_1
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
