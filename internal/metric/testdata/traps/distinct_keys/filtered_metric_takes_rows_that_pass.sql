SELECT g.depot, (SELECT SUM(m) FROM (SELECT MAX(p.shipping) AS m FROM parcels p WHERE p.kind = 'box' AND (p.depot = g.depot OR p.depot IS NULL AND g.depot IS NULL) GROUP BY p.order_id) x),
  (SELECT SUM(m) FROM (SELECT MAX(p.shipping) AS m FROM parcels p WHERE p.depot = g.depot OR p.depot IS NULL AND g.depot IS NULL GROUP BY p.order_id) x)
FROM (SELECT DISTINCT depot FROM parcels) g
