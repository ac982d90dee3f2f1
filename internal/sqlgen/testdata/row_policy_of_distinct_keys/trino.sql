WITH "cte_distinct_keys_1" AS (
  SELECT
    "lines".order_id AS "key_1",
    MAX(("bought".amount)) AS "lines_amount_of_orders"
  FROM items AS "lines"
  LEFT OUTER JOIN (
    SELECT * FROM orders AS "bought"
    WHERE "bought"."account_id" IN (7) AND ("bought".order_id > 0)
  ) AS "bought"
    ON ("lines".order_id) = ("bought".order_id)
  GROUP BY 1
)
SELECT
  SUM("cte_distinct_keys_1"."lines_amount_of_orders") AS "lines_amount_of_orders"
FROM "cte_distinct_keys_1"
LIMIT 500
