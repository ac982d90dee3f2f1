SELECT c.region, c.r, (SELECT SUM(s.amount) FROM sales s LEFT JOIN shops h ON h.shop_id = s.shop_id WHERE s.sold >= '2024-01-01' AND s.sold < '2024-02-01' AND (h.region = c.region OR h.region IS NULL AND c.region IS NULL))
FROM (SELECT h.region, SUM(s.amount) AS r FROM sales s LEFT JOIN shops h ON h.shop_id = s.shop_id WHERE s.sold >= '2024-02-01' AND s.sold < '2024-03-01' GROUP BY 1) c
