SELECT (SELECT SUM(m) FROM (SELECT MAX(shipping) AS m FROM parcels WHERE parcel_id IN (SELECT parcel_id FROM scans WHERE place = 'out') GROUP BY order_id) x), (SELECT COUNT(*) FROM parcels)
