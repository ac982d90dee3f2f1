SELECT branch, closing, closing / accounts, owners FROM (SELECT b.branch,
  (SELECT SUM(x.balance) FROM balances x JOIN accounts a ON a.account_id = x.account_id WHERE x.is_closing AND a.branch = b.branch) AS closing,
  (SELECT COUNT(*) FROM accounts a WHERE a.branch = b.branch) AS accounts,
  (SELECT COUNT(DISTINCT o.owner) FROM owners o JOIN accounts a ON a.account_id = o.account_id WHERE a.branch = b.branch) AS owners
FROM (SELECT DISTINCT branch FROM accounts) b) AS facts
