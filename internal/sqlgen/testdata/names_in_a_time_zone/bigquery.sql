SELECT
  `orders`.order_id AS `orders_order_id`,
  FORMAT_DATETIME('%B', DATETIME(`orders`.ordered_at, 'Pacific/Auckland')) AS `orders_ordered_at_month_name`
FROM orders AS `orders`
WHERE (`orders`.order_id > 0)
LIMIT 500
