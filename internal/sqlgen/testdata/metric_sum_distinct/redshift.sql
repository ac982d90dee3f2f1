WITH "cte_distinct_keys_1" AS (
  SELECT
    "buyer".region AS "buyer_region",
    "lines".order_id AS "key_1",
    MAX(("bought".amount)) AS "lines_amount_of_orders"
  FROM items AS "lines"
  LEFT OUTER JOIN (
    SELECT * FROM orders AS "bought"
    WHERE ("bought".order_id > 0)
  ) AS "bought"
    ON ("lines".order_id) = ("bought".order_id)
  LEFT OUTER JOIN customers AS "buyer"
    ON ("bought".customer_id) = ("buyer".customer_id)
  GROUP BY 1,2
)
SELECT
  "cte_distinct_keys_1"."buyer_region" AS "buyer_region",
  SUM("cte_distinct_keys_1"."lines_amount_of_orders") AS "lines_amount_of_orders"
FROM "cte_distinct_keys_1"
GROUP BY 1
LIMIT 500
