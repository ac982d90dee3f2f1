SELECT customer_id FROM customers WHERE joined >= DATE '2024-01-01' AND joined < DATE '2024-02-01'
