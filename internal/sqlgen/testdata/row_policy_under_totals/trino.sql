WITH "cte_metrics_orders" AS (
  SELECT
    SUM("orders".amount) AS "orders_revenue"
  FROM (
    SELECT * FROM customers AS "people"
    WHERE "people"."account_id" IN (8)
  ) AS "people"
  LEFT OUTER JOIN (
    SELECT * FROM orders AS "orders"
    WHERE "orders"."account_id" IN (8) AND ("orders".order_id > 0)
  ) AS "orders"
    ON ("people".customer_id) = ("orders".customer_id)
),
"cte_metrics_people" AS (
  SELECT
    COUNT("people".customer_id) AS "people_head_count"
  FROM (
    SELECT * FROM customers AS "people"
    WHERE "people"."account_id" IN (8)
  ) AS "people"
)
SELECT
  "people_head_count",
  "orders_revenue"
FROM "cte_metrics_orders"
CROSS JOIN "cte_metrics_people"
LIMIT 500
