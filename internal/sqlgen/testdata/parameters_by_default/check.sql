SELECT status, -2 * SUM(amount) FROM orders WHERE (status = 'done' OR status = 'open') AND amount >= 0 GROUP BY status
