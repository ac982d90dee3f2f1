WITH "cte_metrics_items" AS (
  SELECT
    "people".region AS "people_region",
    SUM("items".quantity) AS "items_quantity_sold"
  FROM customers AS "people"
  LEFT OUTER JOIN (
    SELECT * FROM orders AS "orders"
    WHERE ("orders".order_id > 0)
  ) AS "orders"
    ON ("people".customer_id) = ("orders".customer_id)
  LEFT OUTER JOIN items AS "items"
    ON ("orders".order_id) = ("items".order_id)
  GROUP BY 1
),
"cte_metrics_people" AS (
  SELECT
    "people".region AS "people_region",
    COUNT("people".customer_id) AS "people_head_count"
  FROM customers AS "people"
  GROUP BY 1
),
"cte_metrics_orders" AS (
  SELECT
    "people".region AS "people_region",
    SUM("orders".amount) AS "orders_revenue"
  FROM customers AS "people"
  LEFT OUTER JOIN (
    SELECT * FROM orders AS "orders"
    WHERE ("orders".order_id > 0)
  ) AS "orders"
    ON ("people".customer_id) = ("orders".customer_id)
  GROUP BY 1
)
SELECT
  "cte_metrics_items"."people_region" AS "people_region",
  "people_head_count",
  "orders_revenue",
  "items_quantity_sold"
FROM "cte_metrics_items"
INNER JOIN "cte_metrics_people"
  ON "cte_metrics_items"."people_region" IS NOT DISTINCT FROM "cte_metrics_people"."people_region"
INNER JOIN "cte_metrics_orders"
  ON "cte_metrics_items"."people_region" IS NOT DISTINCT FROM "cte_metrics_orders"."people_region"
LIMIT 500
