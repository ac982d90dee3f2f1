SELECT
  (FLOOR("customers".customer_id / 2.0) * 2 || ' - ' || (FLOOR("customers".customer_id / 2.0) + 1) * 2 - 1) AS "b",
  SUM("orders".amount) AS "orders_revenue"
FROM orders AS "orders"
LEFT OUTER JOIN customers AS "customers"
  ON ("orders".customer_id) = ("customers".customer_id)
WHERE ("orders".order_id > 0)
GROUP BY 1
LIMIT 500
