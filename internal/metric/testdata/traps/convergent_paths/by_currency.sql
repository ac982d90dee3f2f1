SELECT c.currency, (SELECT SUM(o.amount * r.rate) FROM orders o JOIN rates r ON r.day = o.day AND r.currency = c.currency WHERE o.customer_id = c.customer_id),
  c.credit, (SELECT SUM(i.quantity) FROM items i JOIN orders o ON o.order_id = i.order_id WHERE o.customer_id = c.customer_id)
FROM customers c
