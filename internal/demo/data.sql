-- The demo's warehouse: Parcelwise sells order fulfilment to merchants, and shows each merchant its own figures.
-- Deterministic: every value derives from the row's number. 240 merchants, 9,600 products, 96,000 buyers, and by default
-- 1,000,000 orders with about 2,170,000 lines and 50,000 tickets, 8 carriers.

-- The caller sets the number of orders: SET VARIABLE orders = 1000000.

-- u(n, salt) is a number in [0, 1) that looks random and is the same each time.
CREATE MACRO u(n, salt) AS (hash(n * 7919 + salt * 104729) % 1000003) / 1000003.0;
CREATE MACRO pick(list, n, salt) AS list[1 + floor(u(n, salt) * len(list))::INTEGER];

CREATE TABLE carriers (carrier_id INTEGER PRIMARY KEY, name VARCHAR, mode VARCHAR, promised_days INTEGER);
INSERT INTO carriers VALUES
  (1, 'Northline', 'road', 3), (2, 'Bluebird Post', 'post', 5), (3, 'Swiftcart', 'bike', 1), (4, 'Meridian Air', 'air', 2),
  (5, 'Harbor Freight Lines', 'sea', 12), (6, 'Kestrel Express', 'road', 2), (7, 'Unity Parcel', 'post', 4), (8, 'Lockerway', 'locker', 3);

CREATE TABLE merchants AS
SELECT
  'm-' || lpad(n::VARCHAR, 4, '0') AS merchant_id,
  pick(['Alder', 'Birch', 'Cedar', 'Dune', 'Ember', 'Fjord', 'Grove', 'Haven', 'Iris', 'Juniper', 'Koi', 'Larch', 'Moss', 'North', 'Opal',
        'Pine', 'Quartz', 'River', 'Sage', 'Tern'], n, 1) || ' ' ||
  pick(['Goods', 'Supply', 'Outfitters', 'Home', 'Studio', 'Market', 'Works', 'Collective', 'Trading', 'Pantry'], n, 2) || ' ' || n AS name,
  pick(['starter', 'starter', 'growth', 'growth', 'scale'], n, 3) AS plan,
  pick(['fashion', 'home', 'food', 'sport', 'electronics', 'beauty'], n, 4) AS industry,
  pick(['US', 'US', 'DE', 'GB', 'FR', 'NL', 'SE', 'CA'], n, 5) AS country,
  DATE '2022-01-03' + (u(n, 6) * 900)::INTEGER AS joined_on
FROM range(1, 241) AS t(n);

CREATE TABLE products AS
SELECT
  n AS product_id,
  'm-' || lpad((1 + n % 240)::VARCHAR, 4, '0') AS merchant_id,
  pick(['Classic', 'Mini', 'Pro', 'Everyday', 'Travel', 'Heritage', 'Light', 'Studio'], n, 11) || ' ' ||
  pick(['jacket', 'lamp', 'kettle', 'backpack', 'headset', 'serum', 'mug', 'trainer', 'blanket', 'speaker'], n, 12) || ' ' || n AS name,
  pick(['apparel', 'home', 'kitchen', 'outdoor', 'audio', 'care'], n, 13) AS category,
  round(6 + 174 * u(n, 14) * u(n, 15), 2)::DECIMAL(10, 2) AS list_price
FROM range(1, 9601) AS t(n);

CREATE TABLE buyers AS
SELECT
  n AS buyer_id,
  'm-' || lpad((1 + n % 240)::VARCHAR, 4, '0') AS merchant_id,
  pick(['US', 'US', 'US', 'DE', 'DE', 'GB', 'GB', 'FR', 'NL', 'SE', 'CA', 'ES'], n, 21) AS country,
  pick(['new', 'returning', 'returning', 'loyal'], n, 22) AS segment
FROM range(1, 96001) AS t(n);

-- Merchants differ in size and season; growth over the two years is mild. A buyer belongs to the order's merchant.
CREATE TABLE orders AS
WITH numbered AS (
  SELECT n, 1 + floor(240 * pow(u(n, 31), 1.7))::INTEGER AS m, pow(u(n, 32), 0.85) AS t FROM range(1, getvariable('orders') + 1) AS r(n)
), placed AS (
  SELECT n, m, TIMESTAMP '2024-07-01 00:00:00' + to_seconds(floor(t * 63072000)::BIGINT) AS ordered_at FROM numbered
)
SELECT
  n AS order_id,
  'm-' || lpad(m::VARCHAR, 4, '0') AS merchant_id,
  (CASE WHEN m = 1 THEN 240 ELSE m - 1 END) + 240 * floor(u(n, 33) * 399)::INTEGER AS buyer_id,
  1 + floor(8 * u(n, 34) * u(n, 35))::INTEGER AS carrier_id,
  pick(['web', 'web', 'web', 'app', 'app', 'marketplace', 'store'], n, 36) AS channel,
  CASE WHEN u(n, 37) < 0.82 THEN 'delivered' WHEN u(n, 37) < 0.90 THEN 'shipped' WHEN u(n, 37) < 0.95 THEN 'returned'
       WHEN u(n, 37) < 0.98 THEN 'cancelled' ELSE NULL END AS status,
  ordered_at,
  round(8 + 240 * u(n, 38) * u(n, 39) * u(n, 40) + 20 * u(n, 41), 2)::DECIMAL(12, 2) AS amount,
  round(3 + 9 * u(n, 42), 2)::DECIMAL(10, 2) AS shipping_cost,
  CASE WHEN u(n, 37) < 0.82 THEN ordered_at::DATE + (1 + floor(9 * u(n, 43) * u(n, 44)))::INTEGER END AS delivered_on,
  u(n, 45) < 0.14 AS is_gift
FROM placed
ORDER BY ordered_at, order_id;

CREATE TABLE order_lines AS
SELECT
  row_number() OVER (ORDER BY o.order_id, l.line) AS order_line_id,
  o.order_id,
  o.merchant_id,
  (CASE WHEN o.merchant_id = 'm-0001' THEN 240 ELSE substr(o.merchant_id, 3)::INTEGER - 1 END)
    + 240 * floor(u(o.order_id * 5 + l.line, 51) * 39)::INTEGER AS product_id,
  1 + floor(3 * u(o.order_id * 5 + l.line, 52) * u(o.order_id * 5 + l.line, 53))::INTEGER AS quantity,
  round(o.amount / (1 + floor(3 * u(o.order_id, 54) * u(o.order_id, 55) + 0.9)), 2)::DECIMAL(12, 2) AS line_amount
FROM orders AS o, range(1, 5) AS l(line)
WHERE l.line <= 1 + floor(3 * u(o.order_id, 54) * u(o.order_id, 55) + 0.9);

CREATE TABLE tickets AS
SELECT
  n AS ticket_id,
  o.merchant_id,
  o.order_id,
  o.ordered_at + to_hours(floor(24 + 300 * u(n, 61))::BIGINT) AS opened_at,
  pick(['late delivery', 'late delivery', 'damaged', 'wrong item', 'refund', 'question'], n, 62) AS topic,
  pick(['low', 'normal', 'normal', 'high'], n, 63) AS priority,
  round(1 + 70 * u(n, 64) * u(n, 65), 1)::DOUBLE AS hours_to_resolve
FROM range(1, getvariable('orders') // 20 + 1) AS t(n) JOIN orders AS o ON o.order_id = 1 + (n * 19) % getvariable('orders');
