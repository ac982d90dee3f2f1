WITH "a_cte" AS (
  SELECT
    FLOOR(MIN("orders".amount)) AS min_id,
    CEIL(MAX("orders".amount)) AS max_id,
    FLOOR((MAX("orders".amount) - MIN("orders".amount)) / 2) AS bin_width
  FROM orders AS "orders"
)
SELECT
  CASE
    WHEN "orders".amount IS NULL THEN NULL
    WHEN "orders".amount >= "a_cte".min_id + "a_cte".bin_width * 0 AND "orders".amount < "a_cte".min_id + "a_cte".bin_width * 1 THEN CONCAT("a_cte".min_id + "a_cte".bin_width * 0, ' - ', "a_cte".min_id + "a_cte".bin_width * 1)
    ELSE CONCAT("a_cte".min_id + "a_cte".bin_width * 1, ' - ', "a_cte".max_id)
  END AS "a",
  CASE
    WHEN "orders".amount IS NULL THEN NULL
    WHEN "orders".amount < 10 THEN CONCAT('<', 10)
    ELSE CONCAT('≥', 10)
  END AS "b",
  COUNT(*) AS "orders_order_count"
FROM orders AS "orders"
CROSS JOIN "a_cte"
WHERE ("orders".order_id > 0)
GROUP BY 1,2
LIMIT 500
SETTINGS join_use_nulls = 1
