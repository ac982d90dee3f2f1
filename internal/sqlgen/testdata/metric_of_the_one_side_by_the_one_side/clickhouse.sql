WITH "cte_metrics_lines" AS (
  SELECT
    "buyer".region AS "buyer_region",
    SUM("lines".quantity) AS "lines_pieces"
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
"cte_keys_bought" AS (
  SELECT DISTINCT
    "buyer".region AS "buyer_region",
    "bought"."order_id" AS "key_1"
  FROM items AS "lines"
  LEFT OUTER JOIN (
    SELECT * FROM orders AS "bought"
    WHERE ("bought".order_id > 0)
  ) AS "bought"
    ON ("lines".order_id) = ("bought".order_id)
  LEFT OUTER JOIN customers AS "buyer"
    ON ("bought".customer_id) = ("buyer".customer_id)
),
"cte_metrics_bought" AS (
  SELECT
    "cte_keys_bought"."buyer_region" AS "buyer_region",
    SUM("bought".amount) AS "bought_revenue"
  FROM "cte_keys_bought"
  LEFT OUTER JOIN orders AS "bought"
    ON "bought"."order_id" = "cte_keys_bought"."key_1"
  GROUP BY 1
)
SELECT
  "cte_metrics_lines"."buyer_region" AS "buyer_region",
  "bought_revenue",
  "lines_pieces"
FROM "cte_metrics_lines"
INNER JOIN "cte_metrics_bought"
  ON isNotDistinctFrom("cte_metrics_lines"."buyer_region", "cte_metrics_bought"."buyer_region")
LIMIT 500
SETTINGS join_use_nulls = 1
