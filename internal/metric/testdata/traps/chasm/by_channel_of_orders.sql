SELECT k.channel,
  (SELECT SUM(v.pages) FROM visits v WHERE EXISTS (
    SELECT 1 FROM customers c LEFT JOIN orders o ON o.customer_id = c.customer_id
    WHERE c.customer_id = v.customer_id AND o.channel IS NOT DISTINCT FROM k.channel)),
  (SELECT SUM(o.amount) FROM orders o JOIN customers c ON c.customer_id = o.customer_id WHERE o.channel IS NOT DISTINCT FROM k.channel)
FROM (SELECT DISTINCT o.channel FROM customers c LEFT JOIN orders o ON o.customer_id = c.customer_id) k
