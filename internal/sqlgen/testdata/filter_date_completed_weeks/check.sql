SELECT customer_id FROM customers WHERE joined >= DATE '2024-01-05' AND joined < DATE '2026-11-20'
