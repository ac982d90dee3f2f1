SELECT c.customer_id, (SELECT COUNT(*) FROM orders o WHERE o.customer_id = c.customer_id), (SELECT COUNT(*) FROM visits v WHERE v.customer_id = c.customer_id),
  (SELECT SUM(o.amount) FROM orders o WHERE o.customer_id = c.customer_id) FROM customers c
