SELECT DATE_TRUNC('year', CAST(joined AS TIMESTAMP)), COUNT(customer_id) FROM customers GROUP BY 1
