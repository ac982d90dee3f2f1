SELECT c.t, c.r, (SELECT SUM(pieces) FROM lines l JOIN sales s ON s.sale_id = l.sale_id WHERE DATE_TRUNC('month', s.sold) = c.t), p.r,
 p.r * 1.0 / (SELECT SUM(pieces) FROM lines l JOIN sales s ON s.sale_id = l.sale_id WHERE DATE_TRUNC('month', s.sold) = p.t)
FROM (SELECT DATE_TRUNC('month', sold) AS t, SUM(amount) AS r, COUNT(*) AS n FROM sales GROUP BY 1) c LEFT JOIN (SELECT DATE_TRUNC('month', sold) AS t, SUM(amount) AS r, COUNT(*) AS n FROM sales GROUP BY 1) p ON p.t = c.t - INTERVAL '1 month'
