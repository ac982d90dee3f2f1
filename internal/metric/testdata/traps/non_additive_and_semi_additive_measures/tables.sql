CREATE TABLE accounts (account_id INTEGER, branch VARCHAR(10));
INSERT INTO accounts VALUES (1,'east'),(2,'east'),(3,'west');
CREATE TABLE balances (balance_id INTEGER, account_id INTEGER, day INTEGER, is_closing BOOLEAN, balance INTEGER);
INSERT INTO balances VALUES (1,1,1,false,10),(2,1,2,true,30),(3,2,1,false,5),(4,2,2,true,7),(5,3,1,false,100),(6,3,2,true,90);
CREATE TABLE owners (account_id INTEGER, owner VARCHAR(10), age INTEGER);
INSERT INTO owners VALUES (1,'ann',30),(1,'bob',40),(2,'ann',30),(3,'cid',50);
