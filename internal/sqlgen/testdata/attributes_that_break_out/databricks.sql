SELECT
  `mine`.order_id AS `mine_order_id`
FROM orders AS `mine`
WHERE (`mine`.status IN ('\') OR 1=1 --', '\\', '\\\' OR 1=1 --') OR `mine`.amount > 100) AND (
  ((`mine`.status) NOT IN ('gone') OR (`mine`.status) IS NULL)
)
LIMIT 500
