SELECT a.first_name, b.first_name FROM customers a JOIN customers b ON LOWER(a.first_name) = LOWER(b.first_name) AND a.customer_id <> b.customer_id
