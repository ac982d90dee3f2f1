SELECT r.region, (SELECT SUM(credit) FROM customers c WHERE c.region IS NOT DISTINCT FROM r.region),
  (SELECT SUM(o.amount) FROM orders o LEFT JOIN customers c ON c.customer_id = o.customer_id WHERE c.region IS NOT DISTINCT FROM r.region),
  (SELECT COUNT(*) FROM customers c WHERE c.region IS NOT DISTINCT FROM r.region)
FROM (SELECT DISTINCT region FROM customers) r
