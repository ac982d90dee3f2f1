SELECT status, SUM(amount), 'DONE' FROM orders WHERE order_id > 0 AND status = 'done' GROUP BY 1
