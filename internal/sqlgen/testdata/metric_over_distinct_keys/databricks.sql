WITH `cte_metrics_lines` AS (
  SELECT
    COUNT(`lines`.item_id) AS `lines_line_count`
  FROM items AS `lines`
),
`cte_distinct_keys_2` AS (
  SELECT
    `lines`.order_id AS `key_1`,
    MAX((`bought`.amount)) AS `lines_amount_of_orders`
  FROM items AS `lines`
  LEFT OUTER JOIN (
    SELECT * FROM orders AS `bought`
    WHERE (`bought`.order_id > 0)
  ) AS `bought`
    ON (`lines`.order_id) = (`bought`.order_id)
  GROUP BY 1
),
`cte_distinct_metrics_2` AS (
  SELECT
    SUM(`cte_distinct_keys_2`.`lines_amount_of_orders`) AS `lines_amount_of_orders`
  FROM `cte_distinct_keys_2`
)
SELECT
  (`lines_amount_of_orders`) * 1.0 / NULLIF((`lines_line_count`), 0) AS `lines_amount_per_line`
FROM `cte_metrics_lines`
CROSS JOIN `cte_distinct_metrics_2`
LIMIT 500
