SELECT order_id, channel, status, ordered_at, amount FROM orders WHERE order_id > -{n} ORDER BY ordered_at DESC LIMIT 10000
