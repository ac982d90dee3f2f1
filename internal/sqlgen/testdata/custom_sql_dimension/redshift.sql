SELECT
  (CASE WHEN ("orders".status) = 'it''s \\' THEN UPPER(("customers".region)) ELSE 'other' END) AS "group",
  SUM("orders".amount) AS "orders_revenue"
FROM orders AS "orders"
LEFT OUTER JOIN customers AS "customers"
  ON ("orders".customer_id) = ("customers".customer_id)
WHERE ("orders".order_id > 0)
GROUP BY 1
LIMIT 500
