SELECT
  CONCAT(CAST(CAST(FLOOR("lines".quantity / 2.0) * 2 AS DECIMAL(38, 0)) AS VARCHAR), ' - ', CAST(CAST((FLOOR("lines".quantity / 2.0) + 1) * 2 - 1 AS DECIMAL(38, 0)) AS VARCHAR)) AS "b",
  COUNT(*) AS "lines_line_count"
FROM items AS "lines"
GROUP BY 1
LIMIT 500
