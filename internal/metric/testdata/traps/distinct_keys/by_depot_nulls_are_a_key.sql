SELECT depot, SUM(s), AVG(s * 1.0) FROM (SELECT depot, order_id, MAX(shipping) AS s FROM parcels GROUP BY depot, order_id) k GROUP BY depot
