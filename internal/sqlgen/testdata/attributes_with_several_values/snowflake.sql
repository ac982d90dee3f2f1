SELECT
  "mine".order_id AS "mine_order_id",
  SUM("mine".amount) AS "mine_revenue"
FROM orders AS "mine"
WHERE ("mine".status IN ('done', '50%_off') OR "mine".amount > 100) AND (
  (("mine".status) NOT IN ('gone') OR ("mine".status) IS NULL)
)
GROUP BY 1
LIMIT 500
