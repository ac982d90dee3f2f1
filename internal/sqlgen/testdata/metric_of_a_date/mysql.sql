SELECT
  `people`.region AS `people_region`,
  MIN(`people`.joined) AS `people_first_joined`
FROM customers AS `people`
GROUP BY 1
LIMIT 500
