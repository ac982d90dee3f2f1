SELECT
  "orders".status AS "orders_status",
  SUM(CASE WHEN ((("orders".status) LIKE 'd%'
  OR
  ("orders".status) LIKE 'o%') AND ("customers".region) IS NOT NULL) THEN (("orders".amount) * 2) ELSE NULL END) AS "orders_extra"
FROM orders AS "orders"
LEFT OUTER JOIN customers AS "customers"
  ON ("orders".customer_id) = ("customers".customer_id)
WHERE ("orders".order_id > 0)
GROUP BY 1
LIMIT 500
SETTINGS join_use_nulls = 1
