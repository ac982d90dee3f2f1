// The dashboard of every front in frames of three sites (two customers' and our own), with cookies of third parties
// allowed and blocked: each shows the dashboard, or says why not. Then a session is ended under an open page.
//   node e2e/sites.mjs FACTS.json FOLDER-FOR-PICTURES      (the server runs with --embed-cookies)
import { mkdir, readFile } from 'node:fs/promises'
import { newBrowser, newReport } from './browser.mjs'
import { FRONTS } from './fronts.mjs'
import { startHost } from './host.mjs'
import { readDashboard } from './read.mjs'

const [factsFile, folder] = process.argv.slice(2)
const facts = JSON.parse(await readFile(factsFile, 'utf8'))
await mkdir(folder, { recursive: true })
const host = await startHost(Number(process.env.PORT ?? 4600))
const { check, failures } = newReport()
const [dashboard, tenant] = [facts.dashboards[0], facts.tenants[0]]
const SITES = { 'a customer': '127.0.0.1', 'another customer': 'app.customer.test', 'our own site': 'localhost' }
const VIEW = { width: 1200, height: 900 }

/** Opens an address in a frame on a site, and gives the pages around and within. */
async function framed(context, site, src) {
  const page = await context.newPage()
  await page.goto(host.show(site, src))
  return { page, frame: await (await page.waitForSelector('#embed')).contentFrame() }
}

for (const blockThirdParty of [false, true]) {
  const cookies = blockThirdParty ? 'blocked' : 'allowed'
  for (const [front, { credential: obtain, before, page: address }] of Object.entries(FRONTS)) {
    const { context, close } = await newBrowser(VIEW, { blockThirdParty })
    const control = host.show('localhost', '').replace(/page-\d+/, 'control')
    for (let visit = 0; visit < 2; visit++) { // the second one tells whether the first one's cookie was kept
      const { page, frame } = await framed(context, '127.0.0.1', control)
      const text = await frame.locator('body').textContent()
      if (visit === 1) check(text === (blockThirdParty ? 'none' : 'cookie'), `${cookies}, ${front}: the browser does so (${text})`)
      await page.close()
    }
    const signedIn = await obtain(facts, tenant)
    await before?.(context, facts, signedIn)
    for (const [name, site] of Object.entries(SITES)) {
      const { page, frame } = await framed(context, site, address(facts, dashboard, before ? signedIn : await obtain(facts, tenant)))
      const shown = await readDashboard(frame)
      const what = `cookies ${cookies}, ${front} on ${name}`
      if (front === 'native' && site !== 'localhost') {
        check(shown.problem === 'expired' && /blocks cookies/.test(shown.message), `${what}: says why there is nothing`)
        check((await frame.getByRole('link', { name: 'Open in a tab' }).getAttribute('href')) === new URL(frame.url()).pathname, `${what}: offers a tab of its own`)
      } else {
        check(!shown.problem && shown.tiles.every((t) => t.state === 'ready'), `${what}: shows the dashboard ${shown.message ?? ''}`)
      }
      await page.screenshot({ path: `${folder}/${front}-${cookies}-${site}.png` })
      await page.close()
    }
    await close()
  }
}

// An administrator ends a tenant's sessions: the page that is open says so, and tells the page around it.
const { context, close } = await newBrowser(VIEW)
const { page, frame } = await framed(context, '127.0.0.1', FRONTS.upsolve.page(facts, dashboard, await FRONTS.upsolve.credential(facts, tenant)))
await readDashboard(frame)
const admin = { Authorization: `ApiKey ${facts.fronts.native.token}`, 'Content-Type': 'application/json' }
const found = await (await fetch(`${facts.base}/api/v1/inlay/embedding/tenants?search=${encodeURIComponent(tenant.name)}`, { headers: admin })).json()
const target = found.results.find((t) => t.name === tenant.name && t.front === 'upsolve').id
const begin = Date.now()
await fetch(`${facts.base}/api/v1/inlay/revoke`, { method: 'POST', headers: admin, body: JSON.stringify({ level: 'tenant', target }) })
await frame.locator('.banner[data-problem=expired]').waitFor({ timeout: 20_000 })
console.log(`     an open page says so after ${Date.now() - begin} ms`)
check((await page.evaluate(() => window.received)).some((e) => e.data.type === 'inlay:event:session-expired'), 'an open page says that its session was ended, and tells its host')
await page.screenshot({ path: `${folder}/revoked.png` })
await close()

host.close()
console.log(failures.length ? `${failures.length} failed` : 'all hold')
process.exit(failures.length ? 1 : 0)
