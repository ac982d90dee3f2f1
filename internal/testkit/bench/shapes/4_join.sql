SELECT country, count(DISTINCT orders.buyer_id), sum(amount) AS revenue
FROM orders LEFT JOIN buyers ON orders.buyer_id = buyers.buyer_id
WHERE order_id > -{n} GROUP BY country ORDER BY revenue DESC LIMIT 500
