SELECT (SELECT SUM(o.amount) FROM orders o JOIN customers c ON c.customer_id = o.customer_id),
  (SELECT SUM(v.pages) FROM visits v JOIN customers c ON c.customer_id = v.customer_id), (SELECT COUNT(*) FROM customers)
