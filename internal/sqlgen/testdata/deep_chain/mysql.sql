SELECT
  `buyer`.region AS `buyer_region`,
  COUNT(*) AS `lines_line_count`,
  SUM(`lines`.quantity) AS `lines_pieces`
FROM items AS `lines`
LEFT OUTER JOIN (
  SELECT * FROM orders AS `bought`
  WHERE (`bought`.order_id > 0)
) AS `bought`
  ON (`lines`.order_id) = (`bought`.order_id)
LEFT OUTER JOIN customers AS `buyer`
  ON (`bought`.customer_id) = (`buyer`.customer_id)
GROUP BY 1
LIMIT 500
