WITH `bin_cte` AS (
  SELECT
    FLOOR(MIN(`orders`.amount)) AS min_id,
    CEIL(MAX(`orders`.amount)) AS max_id,
    FLOOR((MAX(`orders`.amount) - MIN(`orders`.amount)) / 2) AS bin_width
  FROM (
    SELECT * FROM orders AS `orders`
    WHERE (`orders`.`account_id` IN ('7') AND CAST(CONVERT(`orders`.`account_id` USING utf8mb4) AS BINARY) IN ('7'))
  ) AS `orders`
)
SELECT
  CASE
    WHEN `orders`.amount IS NULL THEN NULL
    WHEN `orders`.amount >= `bin_cte`.min_id + `bin_cte`.bin_width * 0 AND `orders`.amount < `bin_cte`.min_id + `bin_cte`.bin_width * 1 THEN CONCAT(`bin_cte`.min_id + `bin_cte`.bin_width * 0, ' - ', `bin_cte`.min_id + `bin_cte`.bin_width * 1)
    ELSE CONCAT(`bin_cte`.min_id + `bin_cte`.bin_width * 1, ' - ', `bin_cte`.max_id)
  END AS `bin`,
  SUM(`orders`.amount) AS `orders_revenue`
FROM (
  SELECT * FROM orders AS `orders`
  WHERE (`orders`.`account_id` IN ('7') AND CAST(CONVERT(`orders`.`account_id` USING utf8mb4) AS BINARY) IN ('7'))
) AS `orders`
CROSS JOIN `bin_cte`
WHERE (`orders`.order_id > 0)
GROUP BY 1
LIMIT 500
