SELECT CASE WHEN quantity < 2 THEN '0 - 1' WHEN quantity < 4 THEN '2 - 3' WHEN quantity < 6 THEN '4 - 5' END, COUNT(item_id) FROM items GROUP BY 1
