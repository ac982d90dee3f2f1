SELECT channel, status, count(*), sum(amount) AS revenue FROM orders WHERE order_id > -{n} GROUP BY ALL ORDER BY revenue DESC LIMIT 500
