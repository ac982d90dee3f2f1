SELECT
  CONCAT(CAST(FLOOR(`lines`.quantity / 2.0) * 2 AS STRING), ' - ', CAST((FLOOR(`lines`.quantity / 2.0) + 1) * 2 - 1 AS STRING)) AS `b`,
  COUNT(*) AS `lines_line_count`
FROM items AS `lines`
GROUP BY 1
LIMIT 500
