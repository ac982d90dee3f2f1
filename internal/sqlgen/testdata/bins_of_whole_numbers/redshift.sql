SELECT
  (FLOOR("lines".quantity / 2.0) * 2 || ' - ' || (FLOOR("lines".quantity / 2.0) + 1) * 2 - 1) AS "b",
  COUNT(*) AS "lines_line_count"
FROM items AS "lines"
GROUP BY 1
LIMIT 500
