WITH metrics AS (
  SELECT
    `orders`.order_id AS `orders_order_id`,
    SUM(`orders`.amount) AS `orders_revenue`
  FROM orders AS `orders`
  WHERE (`orders`.order_id > 0) AND ((
    (`orders`.paid) = true
  ))
  GROUP BY 1
),
table_calculations AS (
  SELECT
    *,
    `orders_revenue` / 2.0 AS `half`
  FROM metrics
  WHERE ((
    (`orders_revenue`) > (0)
  ))
)
SELECT *
FROM table_calculations
WHERE ((
  (`half`) < (20)
))
LIMIT 500
