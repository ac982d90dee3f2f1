SELECT customer_id, CAST(joined - (CAST(EXTRACT(ISODOW FROM joined) AS INTEGER) + 4) % 7 AS TIMESTAMP) FROM customers
