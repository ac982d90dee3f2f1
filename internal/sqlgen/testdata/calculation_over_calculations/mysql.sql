WITH metrics AS (
  SELECT
    `orders`.status AS `orders_status`,
    SUM(`orders`.amount) AS `orders_revenue`,
    COUNT(*) AS `orders_order_count`
  FROM orders AS `orders`
  WHERE (`orders`.order_id > 0)
  GROUP BY 1
),
calculations_1 AS (
  SELECT
    *,
    `orders_revenue` / `orders_order_count` AS `each`,
    `orders_order_count` + 1 AS `plain`
  FROM metrics
),
calculations_2 AS (
  SELECT
    *,
    `each` / `orders_order_count` AS `share`
  FROM calculations_1
),
table_calculations AS (
  SELECT
    `orders_status`,
    `orders_revenue`,
    `orders_order_count`,
    `share` * 100 + `each` AS `best`,
    `each`,
    `share`,
    `plain`
  FROM calculations_2
)
SELECT *
FROM table_calculations
WHERE ((
  (`best`) > (10)
))
ORDER BY `best` DESC
LIMIT 500
