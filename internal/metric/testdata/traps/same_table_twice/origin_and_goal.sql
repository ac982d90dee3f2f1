SELECT c.city, (SELECT SUM(t.km) FROM trips t JOIN stations s ON s.station_id = t.start_id WHERE s.city = c.city),
  (SELECT SUM(docks) FROM stations s WHERE s.city = c.city AND s.station_id IN (SELECT start_id FROM trips)),
  (SELECT SUM(docks) FROM stations g WHERE g.station_id IN (SELECT t.end_id FROM trips t JOIN stations s ON s.station_id = t.start_id WHERE s.city = c.city))
FROM (SELECT DISTINCT city FROM stations) c
