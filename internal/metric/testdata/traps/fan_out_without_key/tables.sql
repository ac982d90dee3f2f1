CREATE TABLE orders (order_id INTEGER, customer_id INTEGER, status VARCHAR(20), amount NUMERIC(12,2));
INSERT INTO orders VALUES (1,10,'done',100),(2,10,'done',50),(3,11,'open',30),(4,NULL,'open',20),(5,12,NULL,70);
CREATE TABLE items (item_id INTEGER, order_id INTEGER, product_id INTEGER, category VARCHAR(20), quantity INTEGER);
INSERT INTO items VALUES (1,1,7,'food',2),(2,1,8,'toys',1),(3,1,7,'food',5),(4,2,8,'toys',3),(5,3,9,NULL,4),(6,3,7,'food',1),(7,99,7,'food',9);
