SELECT
  "people".first_name AS "people_first_name",
  "namesake".first_name AS "namesake_first_name"
FROM (
  SELECT * FROM customers AS "people"
  WHERE "people"."account_id" IN (7, 8)
) AS "people"
LEFT OUTER JOIN (
  SELECT * FROM customers AS "namesake"
  WHERE "namesake"."account_id" IN (8)
) AS "namesake"
  ON LOWER(("people".first_name)) = LOWER(("namesake".first_name)) AND ("people".customer_id) <> ("namesake".customer_id)
GROUP BY 1,2
LIMIT 500
