// Serves the built pages with answers in the recorded shapes, to look at them without a server:
//   npm run build && npm run dev, then open http://localhost:4400/embed/view/demo
// Instead of demo, the dashboard may be called loading, waiting, expired, ending, missing, hidden, empty, blank, themed or
// hostile.
import { createServer } from 'node:http'
import { readFile } from 'node:fs/promises'
import { extname } from 'node:path'
import { CHARTS, DASHBOARD, EXPLORE, REGIONS, STATUSES } from './data.mjs'

const DIST = new URL('../../internal/web/dist/', import.meta.url)
const TYPES = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' }
const CSP = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'self'; require-trusted-types-for 'script'; trusted-types 'none'"
const THEME = { primaryColor: '#7b3fe4', font: 'Georgia', borderRadius: 4 }
let signedIn = true

const ok = (results) => ({ status: 200, body: { status: 'ok', results } })
const no = (status, name, message) => ({ status, body: { status: 'error', error: { statusCode: status, name, message, data: {} } } })
const never = () => new Promise(() => undefined)
const pause = (ms) => new Promise((done) => setTimeout(done, ms))

// The dashboard called hostile: every text that a person or a warehouse could have written is an attack.
const ATTACK = '<img src=x onerror=hacked()><script>hacked()</script>" onload="hacked()" javascript:hacked() url(/hacked) [x](javascript:hacked()) ${hacked()}'
const KEPT = new Set(['uuid', 'savedChartUuid', 'tabUuid', 'type', 'field', 'fieldId', 'tableName', 'xField', 'dashboardUuid', 'projectUuid', 'operator', 'id', 'raw', 'fieldType', 'table', 'unitOfTime', 'stack'])
function hostile(value, key) {
  if (typeof value === 'string') return KEPT.has(key) ? value : ATTACK
  if (Array.isArray(value)) return ['dimensions', 'metrics', 'yField', 'groupFieldIds', 'columnOrder', 'columns'].includes(key) && typeof value[0] === 'string' ? value : value.map((v) => hostile(v, key))
  if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, hostile(v, k)]))
  return value
}

function view(id) {
  if (id === 'loading') return never()
  if (id === 'expired') return no(401, 'AuthorizationError', 'Failed to authorize user')
  if (id === 'missing') return no(404, 'NotFoundError', 'Dashboard not found')
  if (id === 'hidden') return no(403, 'ForbiddenError', '')
  const expiresAt = new Date(Date.now() + (id === 'ending' ? 2500 : 3_600_000)).toISOString()
  return ok({ dashboardUuid: id === 'demo' ? DASHBOARD.uuid : id, projectUuid: 'p1', name: DASHBOARD.name, theme: id === 'themed' ? THEME : null, permissions: {}, expiresAt })
}

function dashboard(id) {
  if (id === 'blank') return ok({ ...DASHBOARD, tiles: [], tabs: [], filters: { dimensions: [], metrics: [], tableCalculations: [] } })
  if (id === 'hostile') return ok({ ...hostile(DASHBOARD), uuid: id })
  return ok({ ...DASHBOARD, uuid: id })
}

async function results(id, body) {
  await pause(120)
  if (id === 'broken') return no(400, 'WarehouseQueryError', 'The warehouse did not accept the query: column "discount" is unknown.')
  if (id === 'slow' || body.dashboardUuid === 'waiting') return never()
  const c = CHARTS[id === 'nothing' ? 'orders' : id]
  if (!c) return no(404, 'NotFoundError', 'Chart not found')
  const region = body.dashboardFilters.dimensions.find((f) => f.target.fieldId === 'orders_region')
  const keep = (r) => !region || !r.orders_region || region.values.includes(r.orders_region.value.raw)
  const rows = id === 'nothing' || body.dashboardUuid === 'empty' ? [] : c.rows.filter(keep)
  const answer = { chart: { ...c.chart, projectUuid: 'p1' }, explore: EXPLORE, metricQuery: c.chart.metricQuery, rows, fields: c.fields, cacheMetadata: { cacheHit: false }, appliedDashboardFilters: body.dashboardFilters }
  if (body.dashboardUuid !== 'hostile') return ok(answer)
  const attack = hostile(answer)
  for (const r of attack.rows) for (const cell of Object.values(r)) if (typeof cell.value.raw === 'string' && !/^\d{4}-/.test(cell.value.raw)) cell.value.raw = ATTACK
  attack.chart.chartConfig.type = c.chart.chartConfig.type
  attack.chart.colorPalette = [ATTACK, 'url(/hacked)', 'red;background:url(/hacked)']
  return ok(attack)
}

function totals(id) {
  const sum = (field) => CHARTS[id].rows.reduce((s, r) => s + (r[field]?.value.raw ?? 0), 0)
  return ok(Object.fromEntries(CHARTS[id].chart.metricQuery.metrics.filter((m) => m !== 'orders_return_rate').map((m) => [m, sum(m)])))
}

function values(field, { search }) {
  const all = field === 'orders_region' ? REGIONS : STATUSES
  return ok({ search, results: all.filter((v) => v.toLowerCase().includes(search.toLowerCase())) })
}

const USER = { userUuid: 'u', email: 'ada@example.com', firstName: 'Ada', lastName: 'Example', organizationName: 'Example Shop' }
const ROUTES = [
  ['GET', /^\/api\/v1\/inlay\/view\/(.+)$/, (m) => view(m[1])],
  ['GET', /^\/api\/v1\/dashboards\/(.+)$/, (m) => dashboard(m[1])],
  ['POST', /^\/api\/v1\/saved\/(.+)\/chart-and-results$/, (m, body) => results(m[1], body)],
  ['POST', /^\/api\/v1\/saved\/(.+)\/calculate-total$/, (m) => totals(m[1])],
  ['POST', /^\/api\/v1\/projects\/[^/]+\/field\/(.+)\/search$/, (m, body) => values(m[1], body)],
  ['POST', /^\/api\/v1\/embed\/session\/token$/, () => ({ status: 200, body: { token: 'stub' } })],
  ['GET', /^\/api\/v1\/user$/, () => (signedIn ? ok(USER) : no(401, 'AuthorizationError', 'Failed to authorize user'))],
  ['POST', /^\/api\/v1\/login$/, (_, body) => (body.password === 'secret' ? ((signedIn = true), ok(USER)) : no(401, 'AuthorizationError', 'Email and password not recognized'))],
  ['GET', /^\/api\/v1\/logout$/, () => ((signedIn = false), ok(undefined))],
  ['GET', /^\/api\/v1\/org\/projects$/, () => ok([{ projectUuid: 'p1', name: 'Shop', type: 'DEFAULT' }, { projectUuid: 'p2', name: 'Shop (draft)', type: 'PREVIEW' }])],
  ['GET', /^\/api\/v1\/projects\/p1\/dashboards$/, () => ok(['Sales overview', 'Marketing', 'Fulfilment', 'Customers'].map((name, i) => ({ uuid: i ? `d${i}` : DASHBOARD.uuid, name, description: i % 2 ? null : DASHBOARD.description, spaceName: 'Shared', updatedAt: '2026-11-02T09:30:00.000Z' })))],
  ['GET', /^\/api\/v1\/projects\/p2\/dashboards$/, () => ok([])],
]

async function file(path) {
  const page = /^\/(share|embed)\//.test(path) ? 'embed.html' : 'index.html'
  const name = extname(path) ? path.slice(1) : page
  const body = await readFile(new URL(name, DIST)).catch(() => readFile(new URL(page, DIST)))
  return { type: TYPES[extname(name)] ?? 'application/octet-stream', body }
}

const server = createServer(async (request, response) => {
  const { pathname } = new URL(request.url, 'http://localhost')
  const chunks = []
  for await (const chunk of request) chunks.push(chunk)
  for (const [method, pattern, answer] of ROUTES) {
    const match = method === request.method && pattern.exec(pathname)
    if (!match) continue
    const { status, body } = await answer(match, chunks.length ? JSON.parse(Buffer.concat(chunks)) : {})
    return response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body))
  }
  const { type, body } = await file(pathname)
  response.writeHead(200, { 'Content-Type': type, 'Content-Security-Policy': CSP, 'X-Content-Type-Options': 'nosniff', 'Referrer-Policy': 'no-referrer' }).end(body)
})
const port = Number(process.env.PORT ?? 4400)
server.listen(port, '127.0.0.1', () => console.log(`http://localhost:${port}/embed/view/demo`))
