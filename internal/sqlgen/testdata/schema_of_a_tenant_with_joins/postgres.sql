WITH "cte_metrics_items" AS (
  SELECT
    "customers".region AS "customers_region",
    SUM("items".quantity) AS "items_quantity_sold"
  FROM "tenant ""a`".orders AS "orders"
  LEFT OUTER JOIN "tenant ""a`".customers AS "customers"
    ON ("orders".customer_id) = ("customers".customer_id)
  LEFT OUTER JOIN "tenant ""a`".items AS "items"
    ON ("items".order_id) = ("orders".order_id)
  WHERE ("orders".order_id > 0)
  GROUP BY 1
),
"cte_metrics_orders" AS (
  SELECT
    "customers".region AS "customers_region",
    SUM("orders".amount) AS "orders_revenue"
  FROM "tenant ""a`".orders AS "orders"
  LEFT OUTER JOIN "tenant ""a`".customers AS "customers"
    ON ("orders".customer_id) = ("customers".customer_id)
  WHERE ("orders".order_id > 0)
  GROUP BY 1
)
SELECT
  "cte_metrics_items"."customers_region" AS "customers_region",
  "orders_revenue",
  "items_quantity_sold"
FROM "cte_metrics_items"
INNER JOIN "cte_metrics_orders"
  ON "cte_metrics_items"."customers_region" IS NOT DISTINCT FROM "cte_metrics_orders"."customers_region"
LIMIT 500
