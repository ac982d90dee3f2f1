CREATE TABLE months (month_no INTEGER);
INSERT INTO months VALUES (1),(2),(3),(4),(5);
CREATE TABLE sales (sale_id INTEGER, month_no INTEGER, amount INTEGER);
INSERT INTO sales VALUES (1,1,100),(2,1,20),(3,2,30),(4,4,50),(5,4,60),(6,5,1);
