WITH "cte_keys_bought" AS (
  SELECT DISTINCT
    "lines".item_id AS "lines_item_id",
    "bought"."order_id" AS "key_1"
  FROM items AS "lines"
  LEFT OUTER JOIN (
    SELECT * FROM orders AS "bought"
    WHERE ("bought".order_id > 0)
  ) AS "bought"
    ON ("lines".order_id) = ("bought".order_id)
)
SELECT
  "cte_keys_bought"."lines_item_id" AS "lines_item_id",
  SUM("bought".amount) AS "bought_revenue"
FROM "cte_keys_bought"
LEFT OUTER JOIN orders AS "bought"
  ON "bought"."order_id" = "cte_keys_bought"."key_1"
GROUP BY 1
LIMIT 500
SETTINGS join_use_nulls = 1
