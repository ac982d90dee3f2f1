SELECT
  `orders`.order_id AS `orders_order_id`,
  DATE_FORMAT(FROM_UTC_TIMESTAMP(`orders`.ordered_at, 'Pacific/Auckland'), 'MMMM') AS `orders_ordered_at_month_name`
FROM orders AS `orders`
WHERE (`orders`.order_id > 0)
LIMIT 500
