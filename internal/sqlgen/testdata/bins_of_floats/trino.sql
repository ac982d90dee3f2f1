SELECT
  CONCAT(CAST(CAST(FLOOR("lines".price / 5.0) * 5 AS DECIMAL(38, 0)) AS VARCHAR), ' - ', CAST(CAST((FLOOR("lines".price / 5.0) + 1) * 5 - 1 AS DECIMAL(38, 0)) AS VARCHAR)) AS "b",
  COUNT(*) AS "lines_line_count"
FROM items AS "lines"
GROUP BY 1
LIMIT 500
