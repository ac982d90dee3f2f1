// Asks every case through the npm client and compares the rows with the truth that prepare.py wrote.
import { readFileSync } from 'node:fs';
import assert from 'node:assert/strict';
import core from '@cubejs-client/core';
import transport from '@cubejs-client/ws-transport';

const cube = core.default ?? core;
const WebSocketTransport = transport.default ?? transport;
const given = JSON.parse(readFileSync(process.argv[2], 'utf8'));

function compare(test, want, got, what) {
  const names = Object.keys(want[0] ?? {});
  const shown = (row) => JSON.stringify(names.map((name) => (typeof row[name] === 'number' ? row[name].toFixed(6) : row[name])));
  const [left, right] = [want.map(shown), got.map(shown)];
  if (test.unordered) [left, right].forEach((rows) => rows.sort());
  assert.deepEqual(right, left, what);
}

/** Asks over a socket: once, and by a subscription. */
async function overSocket(tenant) {
  const socket = new WebSocketTransport({ authorization: tenant.token, apiUrl: given.url.replace('http', 'ws') + '/ws' });
  const client = cube({ transport: socket });
  const [first] = tenant.cases;
  compare(first, first.truth[0], (await client.load(first.query, { castNumerics: true })).rawData(), `${tenant.key}, over a socket`);
  const shown = await new Promise((done) => client.load(first.query, { castNumerics: true, subscribe: true }, (error, answer) => done(error ?? answer)));
  compare(first, first.truth[0], shown.rawData(), `${tenant.key}, by a subscription`);
  await socket.close();
}

for (const tenant of given.tenants) {
  const client = cube(tenant.token, { apiUrl: given.url });
  for (const test of tenant.cases) {
    for (const responseFormat of ['default', 'compact', 'columnar']) {
      const answer = await client.load(test.query, { castNumerics: true, responseFormat });
      const parts = answer.decompose();
      const what = `${tenant.key}, ${test.name} (${responseFormat})`;
      assert.equal(parts.length, test.truth.length, what);
      parts.forEach((part, i) => compare(test, test.truth[i], part.rawData(), what));
    }
  }
  const [first, months] = tenant.cases;
  const table = (await client.load(first.query)).tablePivot();
  assert.deepEqual(table.map((row) => row['orders.channel']), first.truth[0].map((row) => row['orders.channel']));
  const drilled = (await client.load({ measures: ['orders.order_count'], dimensions: ['orders.channel'] })).drillDown({ xValues: ['web'], yValues: ['orders.order_count'] });
  assert.ok(drilled === null || drilled.filters.some((f) => f.member === 'orders.channel'), 'drilling asks for the same rows');
  await overSocket(tenant);
  const series = (await client.load(months.query, { castNumerics: true })).series();
  assert.equal(series[0].series.length, 6, 'one point a month');
  const revenue = (await client.meta()).resolveMember('orders.revenue', 'measures');
  assert.deepEqual([revenue.title, revenue.aggType, revenue.drillMembers], ['Orders Revenue', 'sum', []], 'meta');
  assert.match((await client.sql(first.query)).sql(), /SELECT/);
  assert.equal((await client.dryRun(first.query)).queryType, 'regularQuery');
  await assert.rejects(client.load({ measures: ['orders.nope'] }), { status: 400, message: "'nope' not found for path 'orders.nope'" });
}
await assert.rejects(cube('nonsense', { apiUrl: given.url }).meta(), { status: 403, message: 'Invalid token' });
console.log(`client.mjs: ${given.tenants[0].cases.length} cases for ${given.tenants.length} tenants agree with the warehouse`);
process.exit(0); // the socket transport connects anew after close, as long as it remembers a question
