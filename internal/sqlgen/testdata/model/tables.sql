CREATE TABLE customers (customer_id INTEGER, first_name VARCHAR(40), region VARCHAR(20), account_id INTEGER, joined DATE);
INSERT INTO customers VALUES (1,'Ann','north',7,'2024-01-03'),(2,'O''Neil','south',8,'2024-02-29'),(3,NULL,NULL,7,NULL),(4,'Zoe','north',9,'2023-12-31'),(5,'ann','south',8,'2024-01-07');
CREATE TABLE orders (order_id INTEGER, customer_id INTEGER, status VARCHAR(20), amount NUMERIC(12,2), paid BOOLEAN, ordered_at TIMESTAMP, account_id INTEGER);
INSERT INTO orders VALUES (1,1,'done',10.5,true,'2024-03-01 10:11:12',7),(2,1,'open',20,false,'2024-03-31 23:59:59',7),(3,2,'50%_off',7,NULL,'2025-01-01 00:00:00',8),(4,NULL,NULL,NULL,NULL,NULL,NULL),(5,4,'done',-5,true,'2024-12-30 23:15:30',9),(6,5,'done',100.25,true,'2024-07-07 00:00:00',8),(7,2,'open',15,false,'2024-02-29 12:34:56',8),(8,2,'done',10.5,true,'2024-03-03 03:04:05',8);
CREATE TABLE items (item_id INTEGER, order_id INTEGER, quantity INTEGER, price DOUBLE PRECISION);
INSERT INTO items VALUES (1,1,2,1.5),(2,1,1,2.5),(3,2,4,10),(4,3,1,0.5),(5,6,3,2.25),(6,6,1,NULL),(7,7,NULL,3),(8,NULL,5,1);
