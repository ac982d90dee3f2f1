SELECT
  "facts".customer_id AS "facts_customer_id",
  SUM(CASE WHEN (("facts".amount) > (5) AND LOWER("facts".status) LIKE LOWER('%o%') AND ("facts".ordered_at) IS NOT NULL) THEN ("facts".amount) ELSE NULL END) AS "facts_of_filters"
FROM orders AS "facts"
GROUP BY 1
LIMIT 500
SETTINGS join_use_nulls = 1
