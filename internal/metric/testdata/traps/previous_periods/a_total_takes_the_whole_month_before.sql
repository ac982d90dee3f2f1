SELECT (SELECT SUM(amount) FROM sales WHERE sold >= '2024-02-01' AND sold < '2024-03-01'), (SELECT SUM(amount) FROM sales WHERE sold >= '2024-01-01' AND sold < '2024-02-01')
