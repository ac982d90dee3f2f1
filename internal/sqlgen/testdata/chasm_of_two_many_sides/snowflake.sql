WITH "cte_metrics_orders" AS (
  SELECT
    COUNT("orders".order_id) AS "orders_order_count"
  FROM customers AS "people"
  LEFT OUTER JOIN (
    SELECT * FROM orders AS "orders"
    WHERE ("orders".order_id > 0)
  ) AS "orders"
    ON ("people".customer_id) = ("orders".customer_id)
),
"cte_metrics_namesake" AS (
  SELECT
    COUNT("namesake".customer_id) AS "namesake_head_count"
  FROM customers AS "people"
  LEFT OUTER JOIN customers AS "namesake"
    ON LOWER(("people".first_name)) = LOWER(("namesake".first_name)) AND ("people".customer_id) <> ("namesake".customer_id)
)
SELECT
  "orders_order_count",
  "namesake_head_count"
FROM "cte_metrics_orders"
CROSS JOIN "cte_metrics_namesake"
LIMIT 500
