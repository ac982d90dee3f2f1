SELECT t.s * 1.0 / (SELECT COUNT(*) FROM parcels), t.s * 1.0 / (SELECT SUM(seconds) FROM scans) FROM (SELECT SUM(s) AS s FROM (SELECT MAX(shipping) AS s FROM parcels GROUP BY order_id) a) t
