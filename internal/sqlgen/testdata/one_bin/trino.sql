WITH "bin_cte" AS (
  SELECT
    FLOOR(MIN("orders".amount)) AS min_id,
    CEIL(MAX("orders".amount)) AS max_id,
    FLOOR((MAX("orders".amount) - MIN("orders".amount)) / 1) AS bin_width
  FROM orders AS "orders"
)
SELECT
  CONCAT(CAST(CAST("bin_cte".min_id AS DECIMAL(38, 0)) AS VARCHAR), ' - ', CAST(CAST("bin_cte".max_id AS DECIMAL(38, 0)) AS VARCHAR)) AS "bin",
  SUM("orders".amount) AS "orders_revenue"
FROM orders AS "orders"
CROSS JOIN "bin_cte"
WHERE ("orders".order_id > 0)
GROUP BY 1
ORDER BY "bin"
LIMIT 500
