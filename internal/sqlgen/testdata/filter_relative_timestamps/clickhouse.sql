SELECT
  "orders".order_id AS "orders_order_id"
FROM orders AS "orders"
WHERE ("orders".order_id > 0) AND ((
  (("orders".ordered_at) >= ('2026-11-08 00:00:00') AND ("orders".ordered_at) < ('2026-11-22 00:00:00'))
) OR (
  (("orders".ordered_at) >= ('2026-11-23 08:45:55') AND ("orders".ordered_at) <= ('2027-02-23 08:45:55'))
) OR (
  NOT (("orders".ordered_at) >= ('2025-11-23 08:45:55') AND ("orders".ordered_at) <= ('2026-11-23 08:45:55'))
) OR (
  (("orders".ordered_at) >= ('2026-10-01 04:00:00') AND ("orders".ordered_at) <= ('2027-01-01 04:59:59'))
))
LIMIT 500
SETTINGS join_use_nulls = 1
