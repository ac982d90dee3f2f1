WITH "bin_cte" AS (
  SELECT
    FLOOR(MIN("orders".amount)) AS min_id,
    CEIL(MAX("orders".amount)) AS max_id,
    FLOOR((MAX("orders".amount) - MIN("orders".amount)) / 1) AS bin_width
  FROM orders AS "orders"
)
SELECT
  CONCAT("bin_cte".min_id, ' - ', "bin_cte".max_id) AS "bin",
  SUM("orders".amount) AS "orders_revenue"
FROM orders AS "orders"
CROSS JOIN "bin_cte"
WHERE ("orders".order_id > 0)
GROUP BY 1
ORDER BY "bin"
LIMIT 500
SETTINGS join_use_nulls = 1
