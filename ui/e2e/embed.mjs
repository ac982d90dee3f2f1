// Opens the demo's dashboards as two tenants through every front, inside a frame of another origin, and writes down
// the numbers that the page shows:
//
//   node e2e/embed.mjs FACTS.json [FOLDER]
//
// FACTS.json comes from `inlay demo --json`. The server must let the host page frame it, so start it with
// --frame-ancestors http://localhost:4600,http://127.0.0.1:4600 (PORT changes the port here).
// FOLDER gets numbers.json and one screenshot a visit. The exit code tells whether every check held.
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { newBrowser, newReport } from './browser.mjs'
import { FRONTS } from './fronts.mjs'
import { startHost } from './host.mjs'
import { numbersOf, readDashboard } from './read.mjs'

const [factsFile, folder = join(tmpdir(), 'inlay-e2e')] = process.argv.slice(2)
if (!factsFile) {
  console.error('usage: node e2e/embed.mjs FACTS.json [FOLDER]')
  process.exit(2)
}
const facts = JSON.parse(await readFile(factsFile, 'utf8'))
const dashboard = facts.dashboards[0]
const tenants = facts.tenants.slice(0, 2)
const port = Number(process.env.PORT ?? 4600)
const here = new URL(facts.base)

// The same host name and another port is another origin, but the same site: cookies reach the frame there, as they
// do over HTTPS. Tokens need no such help, so their host has another name altogether.
const host = await startHost(port)
const far = here.hostname === 'localhost' ? '127.0.0.1' : 'localhost'
const hostFor = (front) => (front === 'upsolve' || front === 'cube' ? far : here.hostname)

const { check, failures } = newReport()

await mkdir(folder, { recursive: true })

async function visit(front, tenant) {
  const name = `${front}-${tenant.key ?? tenant.name}`
  const { credential: obtain, before, page: address, renewal } = FRONTS[front]
  const credential = await obtain(facts, tenant)
  const secrets = Object.values(credential).filter((v) => v.length > 12)
  const { context, close } = await newBrowser({ width: 1360, height: 1560 })
  try {
    await before?.(context, facts, credential)
    const around = host.show(hostFor(front), address(facts, dashboard, credential))
    const page = await context.newPage()
    const seen = watch(page, secrets, [here.origin, new URL(around).origin])
    await page.goto(around)
    const frame = await (await page.waitForSelector('#embed')).contentFrame()
    const shown = await readDashboard(frame)
    await page.waitForTimeout(300) // the frame is drawn by a process of its own
    await page.screenshot({ path: join(folder, `${name}.png`) })

    check(!shown.problem, `${name}: the dashboard opens${shown.problem ? ` (${shown.message})` : ''}`)
    check((shown.tiles ?? []).every((t) => t.state === 'ready'), `${name}: every tile shows something`)
    check(!secrets.some((s) => frame.url().includes(s)), `${name}: the credential is gone from the address`)
    check(seen.errors.length === 0, `${name}: no errors in the console ${seen.errors.slice(0, 3).join(' | ')}`)
    check(seen.strangers.length === 0, `${name}: nothing is loaded from elsewhere ${seen.strangers.slice(0, 3).join(' ')}`)
    check(seen.leaks.length === 0, `${name}: the credential is in no address or referrer after the first`)
    const events = await page.evaluate(() => window.received)
    check(events.some((e) => e.data.type?.endsWith(':event:dashboard-loaded')), `${name}: the host hears that it is loaded`)
    check(events.every((e) => e.origin === here.origin && !JSON.stringify(e.data).match(/eyJ|token/i)), `${name}: events carry no credential`)
    if (renewal && !shown.problem) await renew(name, page, frame, renewal(await obtain(facts, tenant)), shown)
    return shown
  } finally {
    await close()
  }
}

/** Notes what a page should not do. The first request of a frame carries the credential by design. */
function watch(page, secrets, known) {
  const seen = { errors: [], strangers: [], leaks: [] }
  page.on('console', (m) => m.type() === 'error' && seen.errors.push(m.text()))
  page.on('pageerror', (e) => seen.errors.push(e.message))
  page.on('request', (request) => {
    const { origin, protocol } = new URL(request.url())
    if (protocol.startsWith('http') && !known.includes(origin)) seen.strangers.push(request.url())
    const { referer = '' } = request.headers()
    const first = request.isNavigationRequest()
    if (secrets.some((s) => referer.includes(encodeURIComponent(s)) || (!first && request.url().includes(encodeURIComponent(s))))) seen.leaks.push(request.url())
  })
  return seen
}

/** Posts a fresh credential: the page must keep its nodes and its numbers. */
async function renew(name, page, frame, message, before) {
  await frame.evaluate(() => { document.querySelector('.tile').mark = 'same node' })
  await page.evaluate(([data, origin]) => document.getElementById('embed').contentWindow.postMessage(data, origin), [message, here.origin])
  await page.waitForTimeout(800)
  await page.evaluate(([data, origin]) => document.getElementById('embed').contentWindow.postMessage(data, origin), [{ ...message, type: message.type.replace(/action:.*/, 'action:refresh'), payload: {} }, here.origin])
  await page.waitForTimeout(400)
  const after = await readDashboard(frame)
  check(await frame.evaluate(() => document.querySelector('.tile').mark === 'same node'), `${name}: a new credential keeps the page's nodes`)
  check(JSON.stringify(numbersOf(after)) === JSON.stringify(numbersOf(before)), `${name}: a new credential keeps its numbers`)
}

const results = {}
for (const front of Object.keys(FRONTS)) {
  results[front] = {}
  for (const tenant of tenants) {
    results[front][tenant.name] = await visit(front, tenant).catch((error) => {
      check(false, `${front}-${tenant.name}: ${error.message.split('\n')[0]}`)
      return { problem: 'failed', message: error.message }
    })
  }
  const [one, two] = tenants.map((t) => JSON.stringify(numbersOf(results[front][t.name])))
  check(one !== two && one !== '[]', `${front}: two tenants see different numbers`)
}
for (const tenant of tenants) {
  const seen = new Set(Object.values(results).map((r) => JSON.stringify(numbersOf(r[tenant.name]))))
  check(seen.size === 1, `${tenant.name}: every front shows the same numbers`)
}

await writeFile(join(folder, 'numbers.json'), `${JSON.stringify({ dashboard, results, failures }, null, 2)}\n`)
host.close()
console.log(`${failures.length === 0 ? 'all checks held' : `${failures.length} checks failed`}; numbers and pictures are in ${folder}`)
process.exit(failures.length === 0 ? 0 : 1)
