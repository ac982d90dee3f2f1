SELECT NULL, COUNT(*) FROM orders WHERE (status = 'done' OR status = 'open') AND amount >= 0
