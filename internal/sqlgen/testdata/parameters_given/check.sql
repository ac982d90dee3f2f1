SELECT status, SUM(amount) / 2 FROM orders WHERE status <> 'open' AND amount >= 7 GROUP BY status
