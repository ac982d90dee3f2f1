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
"cte_distinct_keys_3" AS (
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
),
"cte_distinct_metrics_3" AS (
  SELECT
    "cte_distinct_keys_3"."buyer_region" AS "buyer_region",
    AVG("cte_distinct_keys_3"."lines_amount_of_large_orders"::DOUBLE PRECISION) AS "lines_amount_of_large_orders"
  FROM "cte_distinct_keys_3"
  GROUP BY 1
),
"cte_distinct_keys_4" AS (
  SELECT
    "buyer".region AS "buyer_region",
    "bought".customer_id AS "key_1",
    "lines".order_id AS "key_2",
    MAX(("bought".amount)) AS "lines_best_of_buyers"
  FROM items AS "lines"
  LEFT OUTER JOIN (
    SELECT * FROM orders AS "bought"
    WHERE ("bought".order_id > 0)
  ) AS "bought"
    ON ("lines".order_id) = ("bought".order_id)
  LEFT OUTER JOIN customers AS "buyer"
    ON ("bought".customer_id) = ("buyer".customer_id)
  GROUP BY 1,2,3
),
"cte_distinct_metrics_4" AS (
  SELECT
    "cte_distinct_keys_4"."buyer_region" AS "buyer_region",
    SUM("cte_distinct_keys_4"."lines_best_of_buyers") AS "lines_best_of_buyers"
  FROM "cte_distinct_keys_4"
  GROUP BY 1
)
SELECT
  "cte_metrics_lines"."buyer_region" AS "buyer_region",
  "lines_line_count",
  "lines_amount_of_orders",
  "lines_amount_of_large_orders",
  "lines_best_of_buyers"
FROM "cte_metrics_lines"
INNER JOIN "cte_distinct_metrics_2"
  ON "cte_metrics_lines"."buyer_region" IS NOT DISTINCT FROM "cte_distinct_metrics_2"."buyer_region"
INNER JOIN "cte_distinct_metrics_3"
  ON "cte_metrics_lines"."buyer_region" IS NOT DISTINCT FROM "cte_distinct_metrics_3"."buyer_region"
INNER JOIN "cte_distinct_metrics_4"
  ON "cte_metrics_lines"."buyer_region" IS NOT DISTINCT FROM "cte_distinct_metrics_4"."buyer_region"
ORDER BY "lines_amount_of_orders" DESC
LIMIT 500
