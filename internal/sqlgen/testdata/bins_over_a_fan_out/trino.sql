WITH "cte_keys_orders" AS (
  SELECT DISTINCT
    CONCAT(CAST(CAST(FLOOR("items".price / 2.0) * 2 AS DECIMAL(38, 0)) AS VARCHAR), ' - ', CAST(CAST((FLOOR("items".price / 2.0) + 1) * 2 - 1 AS DECIMAL(38, 0)) AS VARCHAR)) AS "bin",
    "orders"."order_id" AS "key_1"
  FROM orders AS "orders"
  LEFT OUTER JOIN items AS "items"
    ON ("items".order_id) = ("orders".order_id)
  WHERE ("orders".order_id > 0)
)
SELECT
  "cte_keys_orders"."bin" AS "bin",
  SUM("orders".amount) AS "orders_revenue"
FROM "cte_keys_orders"
LEFT OUTER JOIN orders AS "orders"
  ON "orders"."order_id" = "cte_keys_orders"."key_1"
GROUP BY 1
LIMIT 500
