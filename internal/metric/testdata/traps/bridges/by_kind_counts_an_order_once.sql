SELECT k.kind, (SELECT SUM(amount) FROM (SELECT DISTINCT o.order_id, o.amount FROM orders o
    LEFT JOIN order_tags b ON b.order_id = o.order_id LEFT JOIN tags t ON t.tag_id = b.tag_id WHERE t.kind IS NOT DISTINCT FROM k.kind) AS a),
  (SELECT SUM(weight) FROM tags WHERE kind IS NOT DISTINCT FROM k.kind AND tag_id IN (SELECT tag_id FROM order_tags))
FROM (SELECT DISTINCT t.kind FROM orders o LEFT JOIN order_tags b ON b.order_id = o.order_id LEFT JOIN tags t ON t.tag_id = b.tag_id) k
