WITH "b_cte" AS (
  SELECT
    FLOOR(MIN("orders".amount)) AS min_id,
    CEIL(MAX("orders".amount)) AS max_id,
    FLOOR((MAX("orders".amount) - MIN("orders".amount)) / 4) AS bin_width
  FROM orders AS "orders"
)
SELECT
  CASE
    WHEN "orders".amount IS NULL THEN NULL
    WHEN "orders".amount >= "b_cte".min_id + "b_cte".bin_width * 0 AND "orders".amount < "b_cte".min_id + "b_cte".bin_width * 1 THEN CONCAT(CAST(CAST("b_cte".min_id + "b_cte".bin_width * 0 AS DECIMAL(38, 0)) AS VARCHAR), ' - ', CAST(CAST("b_cte".min_id + "b_cte".bin_width * 1 AS DECIMAL(38, 0)) AS VARCHAR))
    WHEN "orders".amount >= "b_cte".min_id + "b_cte".bin_width * 1 AND "orders".amount < "b_cte".min_id + "b_cte".bin_width * 2 THEN CONCAT(CAST(CAST("b_cte".min_id + "b_cte".bin_width * 1 AS DECIMAL(38, 0)) AS VARCHAR), ' - ', CAST(CAST("b_cte".min_id + "b_cte".bin_width * 2 AS DECIMAL(38, 0)) AS VARCHAR))
    WHEN "orders".amount >= "b_cte".min_id + "b_cte".bin_width * 2 AND "orders".amount < "b_cte".min_id + "b_cte".bin_width * 3 THEN CONCAT(CAST(CAST("b_cte".min_id + "b_cte".bin_width * 2 AS DECIMAL(38, 0)) AS VARCHAR), ' - ', CAST(CAST("b_cte".min_id + "b_cte".bin_width * 3 AS DECIMAL(38, 0)) AS VARCHAR))
    ELSE CONCAT(CAST(CAST("b_cte".min_id + "b_cte".bin_width * 3 AS DECIMAL(38, 0)) AS VARCHAR), ' - ', CAST(CAST("b_cte".max_id AS DECIMAL(38, 0)) AS VARCHAR))
  END AS "b",
  COUNT(*) AS "orders_order_count"
FROM orders AS "orders"
CROSS JOIN "b_cte"
WHERE ("orders".order_id > 0) AND ((
  ("orders".paid) = true
))
GROUP BY 1
LIMIT 500
