CREATE TABLE trips (trip_id INTEGER, start_id INTEGER, end_id INTEGER, km INTEGER);
INSERT INTO trips VALUES (1,1,2,10),(2,1,3,20),(3,2,2,30),(4,3,NULL,40);
CREATE TABLE stations (station_id INTEGER, city VARCHAR(20), docks INTEGER);
INSERT INTO stations VALUES (1,'Oslo',5),(2,'Bergen',6),(3,'Oslo',7);
CREATE TABLE staff (staff_id INTEGER, boss_id INTEGER, team VARCHAR(10), pay INTEGER);
INSERT INTO staff VALUES (1,NULL,'a',100),(2,1,'a',50),(3,1,'b',40),(4,2,'b',30);
