SELECT region, MIN(joined) FROM customers GROUP BY 1
