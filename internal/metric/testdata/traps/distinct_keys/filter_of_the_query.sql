SELECT depot, SUM(s) FROM (SELECT depot, order_id, MAX(shipping) AS s FROM parcels WHERE kind = 'bag' GROUP BY depot, order_id) k GROUP BY depot
