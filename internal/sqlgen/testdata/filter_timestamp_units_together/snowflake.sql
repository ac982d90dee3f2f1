SELECT
  "orders".order_id AS "orders_order_id"
FROM orders AS "orders"
WHERE ("orders".order_id > 0) AND ((
  NOT ((TO_TIMESTAMP_NTZ(CONVERT_TIMEZONE('UTC', "orders".ordered_at))) >= ('2026-11-23 08:45:54') AND (TO_TIMESTAMP_NTZ(CONVERT_TIMEZONE('UTC', "orders".ordered_at))) <= ('2026-11-23 08:45:55'))
) AND (
  NOT ((TO_TIMESTAMP_NTZ(CONVERT_TIMEZONE('UTC', "orders".ordered_at))) >= ('2026-11-23 08:45:50') AND (TO_TIMESTAMP_NTZ(CONVERT_TIMEZONE('UTC', "orders".ordered_at))) <= ('2026-11-23 08:45:55'))
) AND (
  NOT ((TO_TIMESTAMP_NTZ(CONVERT_TIMEZONE('UTC', "orders".ordered_at))) >= ('2026-11-23 08:40:55') AND (TO_TIMESTAMP_NTZ(CONVERT_TIMEZONE('UTC', "orders".ordered_at))) <= ('2026-11-23 08:45:55'))
) AND (
  NOT ((TO_TIMESTAMP_NTZ(CONVERT_TIMEZONE('UTC', "orders".ordered_at))) >= ('2026-11-23 03:45:55') AND (TO_TIMESTAMP_NTZ(CONVERT_TIMEZONE('UTC', "orders".ordered_at))) <= ('2026-11-23 08:45:55'))
) AND (
  NOT ((TO_TIMESTAMP_NTZ(CONVERT_TIMEZONE('UTC', "orders".ordered_at))) >= ('2026-11-18 08:45:55') AND (TO_TIMESTAMP_NTZ(CONVERT_TIMEZONE('UTC', "orders".ordered_at))) <= ('2026-11-23 08:45:55'))
))
LIMIT 500
