SELECT
  `customers`.region AS `customers_region`,
  COUNT(*) AS `chosen_entries`
FROM orders AS `chosen`
LEFT OUTER JOIN customers AS `customers`
  ON ((`chosen`.customer_id) = (`customers`.customer_id) AND (`customers`.region) = 'north\' OR \'1\'=\'1\\\' OR 1=1 -- ${ld.parameters.day} {{ x }} {% if %}\n; DROP TABLE orders')
WHERE (`chosen`.status IN ('done', 'open') AND `chosen`.amount >= 0)
GROUP BY 1
LIMIT 500
