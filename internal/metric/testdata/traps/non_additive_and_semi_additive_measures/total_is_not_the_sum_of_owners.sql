SELECT (SELECT COUNT(DISTINCT owner) FROM owners), (SELECT SUM(balance) FROM balances WHERE is_closing)
