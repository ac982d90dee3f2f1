SELECT
  "people".first_name AS "people_first_name",
  "namesake".first_name AS "namesake_first_name"
FROM customers AS "people"
LEFT OUTER JOIN customers AS "namesake"
  ON LOWER(("people".first_name)) = LOWER(("namesake".first_name)) AND ("people".customer_id) <> ("namesake".customer_id)
WHERE ((
  ("namesake".customer_id) IS NOT NULL
))
GROUP BY 1,2
LIMIT 500
SETTINGS join_use_nulls = 1
