SELECT r.name, r.budget, (SELECT SUM(rent) FROM stores s WHERE s.region_id = r.region_id),
  (SELECT SUM(o.amount) FROM orders o JOIN stores s ON s.store_id = o.store_id WHERE s.region_id = r.region_id),
  (SELECT SUM(i.quantity) FROM items i JOIN orders o ON o.order_id = i.order_id JOIN stores s ON s.store_id = o.store_id WHERE s.region_id = r.region_id),
  (SELECT SUM(f.refund) FROM refunds f JOIN items i ON i.item_id = f.item_id JOIN orders o ON o.order_id = i.order_id JOIN stores s ON s.store_id = o.store_id WHERE s.region_id = r.region_id)
FROM regions r
