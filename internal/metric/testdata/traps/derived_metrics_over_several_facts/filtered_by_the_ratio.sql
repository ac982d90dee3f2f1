SELECT region, revenue, ratio FROM (SELECT r.region,
  (SELECT SUM(o.amount) FROM orders o JOIN customers c ON c.customer_id = o.customer_id WHERE c.region IS NOT DISTINCT FROM r.region) AS revenue,
  (SELECT SUM(o.amount) FROM orders o JOIN customers c ON c.customer_id = o.customer_id WHERE c.region IS NOT DISTINCT FROM r.region)
  / (SELECT COUNT(*) FROM visits v JOIN customers c ON c.customer_id = v.customer_id WHERE c.region IS NOT DISTINCT FROM r.region) AS ratio
FROM (SELECT DISTINCT region FROM customers) r) AS facts WHERE ratio > 20
