CREATE TABLE customers (customer_id INTEGER, region VARCHAR(20), credit INTEGER);
INSERT INTO customers VALUES (10,'north',5),(11,'north',7),(12,NULL,9),(13,'south',11);
CREATE TABLE orders (order_id INTEGER, customer_id INTEGER, amount NUMERIC(12,2), channel VARCHAR(10));
INSERT INTO orders VALUES (1,10,100,'web'),(2,10,50,'shop'),(3,11,30,'web'),(4,12,70,'web'),(5,NULL,5,'web');
CREATE TABLE visits (visit_id INTEGER, customer_id INTEGER, pages INTEGER);
INSERT INTO visits VALUES (1,10,3),(2,10,4),(3,10,1),(4,11,8),(5,13,2),(6,12,6),(7,12,6);
