WITH original_query AS (
SELECT
  "customers".region AS "customers_region",
  "orders".status AS "orders_status",
  SUM("orders".amount) AS "orders_revenue",
  COUNT(*) AS "orders_order_count"
FROM orders AS "orders"
LEFT OUTER JOIN customers AS "customers"
  ON ("orders".customer_id) = ("customers".customer_id)
WHERE ("orders".order_id > 0)
GROUP BY 1,2
),
cells AS (
  SELECT
    "orders_status" AS group_1,
    "customers_region" AS index_1,
    ANY_VALUE("orders_revenue") AS value_1,
    MAX("orders_order_count") AS value_2
  FROM original_query
  GROUP BY 1,2
),
anchored AS (
  SELECT
    cells.*,
    MAX(value_2) OVER (PARTITION BY index_1) AS row_anchor_1,
    MAX(value_2) OVER (PARTITION BY group_1) AS column_anchor_1
  FROM cells
),
ranked AS (
  SELECT
    anchored.*,
    DENSE_RANK() OVER (ORDER BY row_anchor_1 DESC, index_1 NULLS FIRST) AS row_index,
    DENSE_RANK() OVER (ORDER BY column_anchor_1 DESC, group_1) AS column_index
  FROM anchored
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
WHERE row_index <= 20 AND column_index <= 3
ORDER BY row_index, column_index
