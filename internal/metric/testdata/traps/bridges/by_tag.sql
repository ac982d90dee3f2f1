SELECT tag, SUM(amount), COUNT(*) FROM (SELECT DISTINCT t.tag, o.order_id, o.amount FROM orders o
  LEFT JOIN order_tags b ON b.order_id = o.order_id LEFT JOIN tags t ON t.tag_id = b.tag_id) AS once GROUP BY tag
