SELECT c.m, c.r, (SELECT SUM(amount) FROM sales s WHERE s.sold >= '2023-12-01' AND s.sold < '2024-04-01' AND EXTRACT(MONTH FROM s.sold) = CASE c.m WHEN 1 THEN 12 ELSE c.m - 1 END)
FROM (SELECT EXTRACT(MONTH FROM sold) AS m, SUM(amount) AS r FROM sales WHERE sold >= '2024-01-01' AND sold < '2024-05-01' GROUP BY 1) c
