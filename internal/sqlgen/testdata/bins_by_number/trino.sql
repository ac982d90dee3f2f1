WITH "bin_cte" AS (
  SELECT
    FLOOR(MIN("orders".amount)) AS min_id,
    CEIL(MAX("orders".amount)) AS max_id,
    FLOOR((MAX("orders".amount) - MIN("orders".amount)) / 3) AS bin_width
  FROM orders AS "orders"
)
SELECT
  CASE
    WHEN "orders".amount IS NULL THEN NULL
    WHEN "orders".amount >= "bin_cte".min_id + "bin_cte".bin_width * 0 AND "orders".amount < "bin_cte".min_id + "bin_cte".bin_width * 1 THEN CONCAT(CAST(CAST("bin_cte".min_id + "bin_cte".bin_width * 0 AS DECIMAL(38, 0)) AS VARCHAR), ' - ', CAST(CAST("bin_cte".min_id + "bin_cte".bin_width * 1 AS DECIMAL(38, 0)) AS VARCHAR))
    WHEN "orders".amount >= "bin_cte".min_id + "bin_cte".bin_width * 1 AND "orders".amount < "bin_cte".min_id + "bin_cte".bin_width * 2 THEN CONCAT(CAST(CAST("bin_cte".min_id + "bin_cte".bin_width * 1 AS DECIMAL(38, 0)) AS VARCHAR), ' - ', CAST(CAST("bin_cte".min_id + "bin_cte".bin_width * 2 AS DECIMAL(38, 0)) AS VARCHAR))
    ELSE CONCAT(CAST(CAST("bin_cte".min_id + "bin_cte".bin_width * 2 AS DECIMAL(38, 0)) AS VARCHAR), ' - ', CAST(CAST("bin_cte".max_id AS DECIMAL(38, 0)) AS VARCHAR))
  END AS "bin",
  CASE
    WHEN "orders".amount IS NULL THEN 3
    WHEN "orders".amount >= "bin_cte".min_id + "bin_cte".bin_width * 0 AND "orders".amount < "bin_cte".min_id + "bin_cte".bin_width * 1 THEN 0
    WHEN "orders".amount >= "bin_cte".min_id + "bin_cte".bin_width * 1 AND "orders".amount < "bin_cte".min_id + "bin_cte".bin_width * 2 THEN 1
    ELSE 2
  END AS "bin_order",
  SUM("orders".amount) AS "orders_revenue"
FROM orders AS "orders"
CROSS JOIN "bin_cte"
WHERE ("orders".order_id > 0)
GROUP BY 1,2
ORDER BY "bin_order" DESC
LIMIT 500
