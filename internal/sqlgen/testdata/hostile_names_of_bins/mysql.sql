WITH `b"``];--_cte` AS (
  SELECT
    FLOOR(MIN(`orders`.amount)) AS min_id,
    CEIL(MAX(`orders`.amount)) AS max_id,
    FLOOR((MAX(`orders`.amount) - MIN(`orders`.amount)) / 2) AS bin_width
  FROM orders AS `orders`
)
SELECT
  CASE
    WHEN `orders`.amount IS NULL THEN NULL
    WHEN `orders`.amount >= `b"``];--_cte`.min_id + `b"``];--_cte`.bin_width * 0 AND `orders`.amount < `b"``];--_cte`.min_id + `b"``];--_cte`.bin_width * 1 THEN CONCAT(`b"``];--_cte`.min_id + `b"``];--_cte`.bin_width * 0, ' - ', `b"``];--_cte`.min_id + `b"``];--_cte`.bin_width * 1)
    ELSE CONCAT(`b"``];--_cte`.min_id + `b"``];--_cte`.bin_width * 1, ' - ', `b"``];--_cte`.max_id)
  END AS `b"``];--`,
  CASE
    WHEN `orders`.amount IS NULL THEN 2
    WHEN `orders`.amount >= `b"``];--_cte`.min_id + `b"``];--_cte`.bin_width * 0 AND `orders`.amount < `b"``];--_cte`.min_id + `b"``];--_cte`.bin_width * 1 THEN 0
    ELSE 1
  END AS `b"``];--_order`,
  COUNT(*) AS `orders_order_count`
FROM orders AS `orders`
CROSS JOIN `b"``];--_cte`
WHERE (`orders`.order_id > 0)
GROUP BY 1,2
ORDER BY `b"``];--_order`
LIMIT 500
