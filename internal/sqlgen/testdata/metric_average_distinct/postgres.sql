WITH "cte_distinct_keys_1" AS (
  SELECT
    "buyer".region AS "buyer_region",
    "bought".order_id AS "key_1",
    MAX(CASE WHEN (("lines".quantity) > (1)) THEN (("bought".amount)) ELSE NULL END) AS "lines_amount_of_large_orders"
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
  AVG("cte_distinct_keys_1"."lines_amount_of_large_orders"::DOUBLE PRECISION) AS "lines_amount_of_large_orders"
FROM "cte_distinct_keys_1"
GROUP BY 1
LIMIT 500
