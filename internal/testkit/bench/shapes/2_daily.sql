SELECT ordered_at::DATE AS day, count(*), sum(amount) FROM orders WHERE order_id > -{n} GROUP BY day ORDER BY day LIMIT 1000
