WITH `b_cte` AS (
  SELECT
    FLOOR(MIN(`orders`.amount)) AS min_id,
    CEIL(MAX(`orders`.amount)) AS max_id,
    FLOOR((MAX(`orders`.amount) - MIN(`orders`.amount)) / 4) AS bin_width
  FROM orders AS `orders`
)
SELECT
  CASE
    WHEN `orders`.amount IS NULL THEN NULL
    WHEN `orders`.amount >= `b_cte`.min_id + `b_cte`.bin_width * 0 AND `orders`.amount < `b_cte`.min_id + `b_cte`.bin_width * 1 THEN CONCAT(`b_cte`.min_id + `b_cte`.bin_width * 0, ' - ', `b_cte`.min_id + `b_cte`.bin_width * 1)
    WHEN `orders`.amount >= `b_cte`.min_id + `b_cte`.bin_width * 1 AND `orders`.amount < `b_cte`.min_id + `b_cte`.bin_width * 2 THEN CONCAT(`b_cte`.min_id + `b_cte`.bin_width * 1, ' - ', `b_cte`.min_id + `b_cte`.bin_width * 2)
    WHEN `orders`.amount >= `b_cte`.min_id + `b_cte`.bin_width * 2 AND `orders`.amount < `b_cte`.min_id + `b_cte`.bin_width * 3 THEN CONCAT(`b_cte`.min_id + `b_cte`.bin_width * 2, ' - ', `b_cte`.min_id + `b_cte`.bin_width * 3)
    ELSE CONCAT(`b_cte`.min_id + `b_cte`.bin_width * 3, ' - ', `b_cte`.max_id)
  END AS `b`,
  COUNT(*) AS `orders_order_count`
FROM orders AS `orders`
CROSS JOIN `b_cte`
WHERE (`orders`.order_id > 0) AND ((
  (`orders`.paid) = true
))
GROUP BY 1
LIMIT 500
