SELECT c.sold, c.r, (SELECT SUM(amount) FROM sales s WHERE s.sold = CAST(c.sold - INTERVAL '1 month' AS DATE)) FROM (SELECT sold, SUM(amount) AS r FROM sales GROUP BY 1) c
