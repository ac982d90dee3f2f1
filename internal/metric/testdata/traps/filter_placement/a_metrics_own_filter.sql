SELECT r.region,
  (SELECT SUM(o.amount) FROM orders o JOIN customers c ON c.customer_id = o.customer_id WHERE c.region IS NOT DISTINCT FROM r.region AND o.channel = 'web'),
  (SELECT SUM(o.amount) FROM orders o JOIN customers c ON c.customer_id = o.customer_id WHERE c.region IS NOT DISTINCT FROM r.region AND c.region = 'north'),
  (SELECT COUNT(*) FROM visits v JOIN customers c ON c.customer_id = v.customer_id WHERE c.region IS NOT DISTINCT FROM r.region)
FROM (SELECT DISTINCT region FROM customers) r
