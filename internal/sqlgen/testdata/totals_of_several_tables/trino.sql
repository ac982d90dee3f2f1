WITH "cte_metrics_items" AS (
  SELECT
    SUM("items".quantity) AS "items_quantity_sold"
  FROM customers AS "people"
  LEFT OUTER JOIN (
    SELECT * FROM orders AS "orders"
    WHERE ("orders".order_id > 0)
  ) AS "orders"
    ON ("people".customer_id) = ("orders".customer_id)
  LEFT OUTER JOIN items AS "items"
    ON ("orders".order_id) = ("items".order_id)
),
"cte_metrics_people" AS (
  SELECT
    COUNT("people".customer_id) AS "people_head_count"
  FROM customers AS "people"
),
"cte_metrics_orders" AS (
  SELECT
    SUM("orders".amount) AS "orders_revenue"
  FROM customers AS "people"
  LEFT OUTER JOIN (
    SELECT * FROM orders AS "orders"
    WHERE ("orders".order_id > 0)
  ) AS "orders"
    ON ("people".customer_id) = ("orders".customer_id)
)
SELECT
  "people_head_count",
  "orders_revenue",
  "items_quantity_sold"
FROM "cte_metrics_items"
CROSS JOIN "cte_metrics_people"
CROSS JOIN "cte_metrics_orders"
LIMIT 500
