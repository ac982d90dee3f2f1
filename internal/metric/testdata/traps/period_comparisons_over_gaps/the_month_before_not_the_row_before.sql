SELECT m.month_no, (SELECT SUM(amount) FROM sales s WHERE s.month_no = m.month_no), (SELECT SUM(amount) FROM sales s WHERE s.month_no = m.month_no - 1) FROM months m
