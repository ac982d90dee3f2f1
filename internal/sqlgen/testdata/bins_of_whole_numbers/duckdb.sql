SELECT
  (REGEXP_REPLACE(CAST(FLOOR("lines".quantity / 2.0) * 2 AS VARCHAR), '\.0$', '') || ' - ' || REGEXP_REPLACE(CAST((FLOOR("lines".quantity / 2.0) + 1) * 2 - 1 AS VARCHAR), '\.0$', '')) AS "b",
  COUNT(*) AS "lines_line_count"
FROM items AS "lines"
GROUP BY 1
LIMIT 500
