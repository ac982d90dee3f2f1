SELECT c.region, o.channel, SUM(c.credit), SUM(o.amount), SUM(v.pages) FROM customers c
LEFT JOIN (SELECT customer_id, channel, SUM(amount) AS amount FROM orders GROUP BY customer_id, channel) o ON o.customer_id = c.customer_id
LEFT JOIN (SELECT customer_id, SUM(pages) AS pages FROM visits GROUP BY customer_id) v ON v.customer_id = c.customer_id
GROUP BY c.region, o.channel
