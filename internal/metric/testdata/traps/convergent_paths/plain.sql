SELECT o.day, SUM(o.amount * r.rate) FROM orders o JOIN customers c ON c.customer_id = o.customer_id JOIN rates r ON r.day = o.day AND r.currency = c.currency GROUP BY o.day
