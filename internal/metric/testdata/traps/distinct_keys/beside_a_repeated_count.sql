SELECT g.place, (SELECT COUNT(*) FROM parcels p WHERE g.place IS NOT NULL AND p.parcel_id IN (SELECT parcel_id FROM scans s WHERE s.place = g.place) OR g.place IS NULL AND p.parcel_id NOT IN (SELECT parcel_id FROM scans)),
  (SELECT SUM(m) FROM (SELECT MAX(p.shipping) AS m FROM parcels p LEFT JOIN scans s ON s.parcel_id = p.parcel_id WHERE s.place = g.place OR s.place IS NULL AND g.place IS NULL GROUP BY p.order_id) x),
  (SELECT SUM(seconds) FROM scans s WHERE s.place = g.place)
FROM (SELECT DISTINCT s.place FROM parcels p LEFT JOIN scans s ON s.parcel_id = p.parcel_id) g
