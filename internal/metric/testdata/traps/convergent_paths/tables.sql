CREATE TABLE orders (order_id INTEGER, customer_id INTEGER, day INTEGER, amount INTEGER);
INSERT INTO orders VALUES (1,10,1,100),(2,10,2,50),(3,11,1,30),(4,11,2,20);
CREATE TABLE customers (customer_id INTEGER, currency VARCHAR(3), credit INTEGER);
INSERT INTO customers VALUES (10,'USD',5),(11,'EUR',7);
CREATE TABLE rates (currency VARCHAR(3), day INTEGER, rate INTEGER);
INSERT INTO rates VALUES ('USD',1,2),('USD',2,3),('EUR',1,1),('EUR',2,1);
CREATE TABLE items (item_id INTEGER, order_id INTEGER, quantity INTEGER);
INSERT INTO items VALUES (1,1,2),(2,1,3),(3,3,1),(4,4,1),(5,4,6);
