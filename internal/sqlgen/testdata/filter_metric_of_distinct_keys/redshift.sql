WITH "cte_metrics_lines" AS (
  SELECT
    "buyer".region AS "buyer_region",
    COUNT("lines".item_id) AS "lines_line_count"
  FROM items AS "lines"
  LEFT OUTER JOIN (
    SELECT * FROM orders AS "bought"
    WHERE ("bought".order_id > 0)
  ) AS "bought"
    ON ("lines".order_id) = ("bought".order_id)
  LEFT OUTER JOIN customers AS "buyer"
    ON ("bought".customer_id) = ("buyer".customer_id)
  GROUP BY 1
),
"cte_distinct_keys_2" AS (
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
),
"cte_distinct_metrics_2" AS (
  SELECT
    "cte_distinct_keys_2"."buyer_region" AS "buyer_region",
    SUM("cte_distinct_keys_2"."lines_amount_of_orders") AS "lines_amount_of_orders"
  FROM "cte_distinct_keys_2"
  GROUP BY 1
),
metrics AS (
  SELECT
    "cte_metrics_lines"."buyer_region" AS "buyer_region",
    "lines_line_count",
    "lines_amount_of_orders"
  FROM "cte_metrics_lines"
  INNER JOIN "cte_distinct_metrics_2"
    ON ("cte_metrics_lines"."buyer_region" = "cte_distinct_metrics_2"."buyer_region" OR ("cte_metrics_lines"."buyer_region" IS NULL AND "cte_distinct_metrics_2"."buyer_region" IS NULL))
)
SELECT
  *
FROM metrics
WHERE ((
  ("lines_amount_of_orders") > (30)
))
LIMIT 500
