// The dashboard page in a real browser, against the stub: filters, tables, keyboard, messages, endings and renewals.
//   npm run build && node e2e/page.mjs
import { newBrowser, newReport, startStub } from './browser.mjs'
import { startHost } from './host.mjs'
import { numbersOf, readDashboard } from './read.mjs'

const stub = await startStub(4411)
const host = await startHost(4611)
const { context, close } = await newBrowser({ width: 1360, height: 1560 })
const { check, failures } = newReport()

const tileOf = (shown, title) => shown.tiles.find((t) => t.title === title)
const column = (shown, i) => tileOf(shown, 'Top customers').table.rows.map((r) => r[i].text)
const queries = (page) => {
  const asked = []
  page.on('request', (r) => r.url().endsWith('/chart-and-results') && asked.push(JSON.parse(r.postData())))
  return asked
}

await filters()
await tables()
await charts()
await messages()
await endings()

async function filters() {
  const page = await context.newPage()
  const asked = queries(page)
  await page.goto(`${stub.base}/embed/view/demo?f_orders.region={"value":"Europe"}&f_orders.secret="x"`)
  const shown = await readDashboard(page)
  check(tileOf(shown, 'Revenue by region').table.rows.map((r) => r[0].text).join() === 'Europe', 'a parameter sets its filter')
  check(!JSON.stringify(asked).includes('secret'), 'a parameter without a filter is ignored')
  check(asked.every((q) => q.dashboardFilters.dimensions.every((f) => f.target.tableName === 'orders')), 'filters are sent with their targets')

  asked.length = 0
  await page.locator('[data-filter=orders_region]').click()
  await page.getByLabel('Asia Pacific').check()
  await page.waitForTimeout(400)
  check(tileOf(await readDashboard(page), 'Revenue by region').table.rows.map((r) => r[0].text).sort().join() === 'Asia Pacific,Europe', 'a value that is picked applies at once')
  check(asked.length === 8, `each chart of the tab is asked once (${asked.length})`)
  await page.getByPlaceholder('Search values').fill('lat')
  await page.waitForTimeout(500)
  check((await page.locator('.choices label').allTextContents()).join() === 'Latin America', 'values are looked up while typing')
  await page.keyboard.press('Escape')
  check((await page.locator('.popover').count()) === 0 && (await page.evaluate(() => document.activeElement.dataset.filter)) === 'orders_region', 'Escape closes the form and gives the focus back')

  await page.getByRole('button', { name: 'Reset filters' }).click()
  await page.waitForTimeout(400)
  check(tileOf(await readDashboard(page), 'Revenue by region').table.rows.length === 1, 'a reset goes back to what the address asked for')
  await page.locator('[data-filter=orders_order_date]').click()
  await page.getByLabel('Condition').selectOption('inBetween')
  check((await page.locator('.popover input[type=date]').count()) === 2, 'a range of dates has two controls')
  await page.close()
}

async function tables() {
  const page = await context.newPage()
  await page.goto(`${stub.base}/embed/view/demo`)
  await readDashboard(page)
  const sort = page.locator('[data-tile=tile-customers] th').getByRole('button', { name: /^Orders/ })
  await sort.click()
  const up = column(await readDashboard(page), 5).map((t) => Number(t.replace(',', '')))
  check(up.every((v, i) => i === 0 || v >= up[i - 1]), 'a click sorts by numbers upwards')
  await sort.click()
  check((await page.locator('th[aria-sort=descending]').count()) === 1, 'a second click sorts downwards and says so')
  await sort.click()
  check(column(await readDashboard(page), 1)[0] === 'Alder & Ash', 'a third goes back to the order of the server')
  check((await page.locator('tfoot [data-total]').first().textContent()) === '$537,409.40', 'totals look like their column')
  await page.close()
}

async function charts() {
  const page = await context.newPage()
  await page.goto(`${stub.base}/embed/view/demo?allowExport=true`)
  await readDashboard(page)
  const chart = page.locator('[data-tile=tile-stacked]')
  const bars = await chart.locator('.bar').count()
  await chart.getByRole('button', { name: 'Europe' }).click()
  check((await chart.locator('.bar').count()) === bars - 12, 'the legend takes a series away')
  await chart.locator('.plot svg').focus()
  await page.keyboard.press('ArrowRight')
  check((await chart.locator('.tooltip p').first().textContent()) === '2025-01', 'arrow keys walk over the values')
  const download = page.waitForEvent('download')
  await chart.getByRole('button', { name: 'Download Revenue by region each month as CSV' }).click()
  check((await download).suggestedFilename() === 'Revenue by region each month.csv', 'rows can be saved when the address allows it')
  await page.getByRole('tab', { name: 'Overview' }).focus()
  await page.keyboard.press('ArrowRight')
  check((await page.getByRole('tab', { name: 'Details' }).getAttribute('aria-selected')) === 'true', 'arrow keys change the tab')
  check(await page.getByText('This could not be shown').waitFor({ timeout: 5000 }).then(() => true, () => false), 'a tile that fails says so, and the others stay')
  check((await page.evaluate(() => [localStorage.length, sessionStorage.length, document.cookie].join())) === '0,0,', 'nothing is stored')
  await page.close()
}

async function framed(path) {
  const page = await context.newPage()
  await page.goto(host.show('localhost', stub.base + path))
  const frame = await (await page.waitForSelector('#embed')).contentFrame()
  await frame.waitForSelector('.tile, [data-problem]')
  const post = async (type, payload) => {
    await page.evaluate(([message, to]) => document.getElementById('embed').contentWindow.postMessage(message, to), [{ source: 'cube-embed', direction: 'action', type: `cube:action:${type}`, payload }, stub.base])
    await page.waitForTimeout(400)
  }
  const events = () => page.evaluate(() => window.received.map((e) => e.data.type))
  return { page, frame, post, events }
}

async function messages() {
  const { page, frame, post, events } = await framed('/embed/dashboard/demo?session=one-time-session')
  await readDashboard(frame)
  check(!(await frame.evaluate(() => location.href)).includes('session'), 'the session is gone from the address')
  check((await events()).join() === 'cube:event:ready,cube:event:view,cube:event:dashboard-loaded', 'the host hears ready, view and dashboard-loaded')
  await post('set-filter', { filterUrlParameter: 'f_orders.region={"value":["Europe","Latin America"]}' })
  check(tileOf(await readDashboard(frame), 'Revenue by region').table.rows.length === 2, 'the host sets a filter')
  await post('set-color-scheme', { scheme: 'dark' })
  check((await frame.evaluate(() => getComputedStyle(document.body).backgroundColor)) === 'rgb(15, 19, 25)', 'the host sets the colour scheme')
  await post('set-theme', { primaryColor: '#ff0000', font: 'Courier New', backgroundColor: 'url(/x)' })
  check((await frame.evaluate(() => [document.documentElement.style.getPropertyValue('--accent'), document.documentElement.style.getPropertyValue('--page')].join())) === '#ff0000,', 'the host sets colours, and only colours')
  await post('set-locale', { locale: 'de' })
  check((await frame.evaluate(() => document.documentElement.lang)) === 'de', 'the host sets the locale')
  await page.close()
}

async function endings() {
  const { page, frame, post, events } = await framed('/share/dashboard/ending?jwt=header.payload.signature')
  const before = await readDashboard(frame)
  await frame.evaluate(() => { document.querySelector('.tile').mark = true })
  await frame.waitForSelector('.banner', { timeout: 6000 })
  check((await events()).includes('inlay:event:session-expired'), 'the host hears that the session has ended')
  check(numbersOf(await readDashboard(frame)).length === numbersOf(before).length, 'what was on the screen stays')
  await post('set-token', { token: 'header.payload2.signature' })
  check((await frame.locator('.banner').count()) === 0, 'a new token takes the banner away')
  check(await frame.evaluate(() => document.querySelector('.tile').mark === true), 'and keeps every node')
  await page.close()

  const gone = await framed('/share/dashboard/expired?jwt=header.payload.signature')
  check((await readDashboard(gone.frame)).problem === 'expired', 'a page that can’t open says why')
  await gone.page.close()
}

await close()
stub.close()
host.close()
console.log(failures.length === 0 ? 'all checks held' : `${failures.length} checks failed`)
process.exit(failures.length === 0 ? 0 : 1)
