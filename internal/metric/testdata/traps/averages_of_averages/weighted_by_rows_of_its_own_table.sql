SELECT r.region,
  (SELECT AVG(o.amount) FROM orders o JOIN customers c ON c.customer_id = o.customer_id WHERE c.region IS NOT DISTINCT FROM r.region),
  (SELECT AVG(v.pages) FROM visits v JOIN customers c ON c.customer_id = v.customer_id WHERE c.region IS NOT DISTINCT FROM r.region)
FROM (SELECT DISTINCT region FROM customers) r
