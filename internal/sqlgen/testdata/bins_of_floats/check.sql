SELECT CASE WHEN price < 5 THEN '0 - 4' WHEN price >= 10 THEN '10 - 14' END, COUNT(item_id) FROM items GROUP BY 1
