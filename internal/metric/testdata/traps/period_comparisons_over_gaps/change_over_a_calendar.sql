SELECT m.month_no, t.total, (t.total * 1.0 / (SELECT SUM(amount) FROM sales s WHERE s.month_no = m.month_no - 1)) - 1, (SELECT SUM(amount) FROM sales s WHERE s.month_no <= m.month_no)
FROM months m LEFT JOIN (SELECT month_no, SUM(amount) AS total FROM sales GROUP BY month_no) t ON t.month_no = m.month_no
