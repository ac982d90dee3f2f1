SELECT (SELECT COUNT(*) FROM customers WHERE account_id = 8), (SELECT SUM(o.amount) FROM orders o JOIN customers c ON o.customer_id = c.customer_id WHERE c.account_id = 8 AND o.account_id = 8)
