SELECT k.kind,
  (SELECT SUM(fee) FROM orders o WHERE EXISTS (SELECT 1 FROM items i LEFT JOIN products p ON p.product_id = i.product_id WHERE i.order_id = o.order_id AND p.kind IS NOT DISTINCT FROM k.kind)),
  (SELECT SUM(i.quantity * p.price) FROM items i JOIN products p ON p.product_id = i.product_id WHERE p.kind IS NOT DISTINCT FROM k.kind),
  (SELECT SUM(p.price) FROM products p WHERE p.kind IS NOT DISTINCT FROM k.kind AND p.product_id IN (SELECT product_id FROM items))
FROM (SELECT DISTINCT p.kind FROM items i LEFT JOIN products p ON p.product_id = i.product_id) k
