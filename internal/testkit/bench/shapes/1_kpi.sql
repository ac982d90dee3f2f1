SELECT count(*), sum(amount) FROM orders WHERE order_id > -{n}
