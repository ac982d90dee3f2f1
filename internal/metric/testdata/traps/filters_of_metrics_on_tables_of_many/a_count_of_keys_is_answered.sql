SELECT r.region,
  (SELECT COUNT(DISTINCT c.customer_id) FROM orders o JOIN customers c ON c.customer_id = o.customer_id WHERE o.channel = 'web' AND c.region IS NOT DISTINCT FROM r.region),
  (SELECT COUNT(*) FROM visits v JOIN customers c ON c.customer_id = v.customer_id WHERE c.region IS NOT DISTINCT FROM r.region)
FROM (SELECT DISTINCT region FROM customers) r
