SELECT order_id, SUM(amount) FROM orders WHERE (status IN ('done', '50%_off') OR amount > 100) AND (status <> 'gone' OR status IS NULL) GROUP BY 1
