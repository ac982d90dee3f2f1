SELECT o.order_id, o.fee, (SELECT SUM(i.quantity * p.price) FROM items i JOIN products p ON p.product_id = i.product_id WHERE i.order_id = o.order_id),
  (SELECT SUM(price) FROM products p WHERE p.product_id IN (SELECT product_id FROM items i WHERE i.order_id = o.order_id)) FROM orders o
