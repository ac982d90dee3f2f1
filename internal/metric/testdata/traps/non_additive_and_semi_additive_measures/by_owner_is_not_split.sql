SELECT o.owner, SUM((SELECT SUM(balance) FROM balances b WHERE b.account_id = o.account_id AND b.is_closing)), COUNT(*) FROM owners o GROUP BY o.owner
