CREATE TABLE parcels (parcel_id INTEGER, order_id INTEGER, depot INTEGER, shipping INTEGER, kind VARCHAR(10));
INSERT INTO parcels VALUES (1,1,1,10,'box'),(2,1,1,10,'bag'),(3,2,1,20,'box'),(4,2,2,20,'box'),(5,2,2,20,'bag'),(6,3,2,NULL,'box'),(7,NULL,2,7,'box'),(8,NULL,2,7,'bag'),(9,4,NULL,5,NULL),(10,5,3,NULL,'box'),(11,5,3,40,'bag');
CREATE TABLE scans (scan_id INTEGER, parcel_id INTEGER, place VARCHAR(10), seconds INTEGER);
INSERT INTO scans VALUES (1,1,'in',3),(2,1,'out',4),(3,2,'in',5),(4,3,'in',6),(5,4,'in',1),(6,4,'in',2),(7,5,'out',9),(8,9,'in',8),(9,9,'out',8),(10,7,'in',1);
