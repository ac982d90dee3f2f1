SELECT (SELECT SUM(v.pages) FROM visits v WHERE v.customer_id IN (SELECT customer_id FROM orders WHERE channel = 'web')),
  (SELECT SUM(c.credit) FROM customers c WHERE c.customer_id IN (SELECT customer_id FROM orders WHERE channel = 'web'))
