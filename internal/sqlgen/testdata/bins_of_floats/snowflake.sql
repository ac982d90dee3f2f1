SELECT
  CONCAT(FLOOR("lines".price / 5.0) * 5, ' - ', (FLOOR("lines".price / 5.0) + 1) * 5 - 1) AS "b",
  COUNT(*) AS "lines_line_count"
FROM items AS "lines"
GROUP BY 1
LIMIT 500
