SELECT
  "customers".customer_id AS "customers_customer_id"
FROM customers AS "customers"
WHERE ((
  (("customers".joined) >= CAST('2016-11-23' AS timestamp) AND ("customers".joined) <= CAST('2026-11-23' AS timestamp))
) AND (
  (NOT (("customers".joined) >= CAST('2026-11-23' AS timestamp) AND ("customers".joined) <= CAST('2026-11-23' AS timestamp)))
))
LIMIT 500
