CREATE TABLE orders (order_id INTEGER, amount NUMERIC(12,2));
INSERT INTO orders VALUES (1,100),(2,50),(3,30),(4,20);
CREATE TABLE order_tags (order_id INTEGER, tag_id INTEGER);
INSERT INTO order_tags VALUES (1,1),(1,2),(2,1),(3,2),(3,2);
CREATE TABLE tags (tag_id INTEGER, tag VARCHAR(20), kind VARCHAR(20), weight INTEGER);
INSERT INTO tags VALUES (1,'gift','a',3),(2,'rush','a',4),(3,'never','b',5);
