CREATE TABLE orders (order_id INTEGER, fee INTEGER);
INSERT INTO orders VALUES (1,10),(2,20),(3,30);
CREATE TABLE items (item_id INTEGER, order_id INTEGER, product_id INTEGER, quantity INTEGER);
INSERT INTO items VALUES (1,1,7,2),(2,1,8,1),(3,1,7,5),(4,2,8,3),(5,3,NULL,4);
CREATE TABLE products (product_id INTEGER, kind VARCHAR(10), price INTEGER);
INSERT INTO products VALUES (7,'food',3),(8,'toys',5),(9,'toys',100);
