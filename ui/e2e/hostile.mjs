// H110: a dashboard whose every text is an attack. Nothing may run, load or navigate; the texts stay texts.
//   npm run build && node e2e/hostile.mjs
import { newBrowser, startStub } from './browser.mjs'

const stub = await startStub(4410)
const { context, close } = await newBrowser({ width: 1280, height: 900 })
const problems = []
const page = await context.newPage()
page.on('dialog', (d) => { problems.push(`dialog: ${d.message()}`); d.dismiss() })
page.on('pageerror', (e) => problems.push(`error: ${e.message}`))
page.on('request', (r) => /hacked|\/x$/.test(r.url()) && problems.push(`request: ${r.url()}`))
page.on('console', (m) => /Content Security Policy|Trusted/.test(m.text()) && problems.push(`refused: ${m.text()}`))
await page.addInitScript(() => { window.hacked = () => { document.documentElement.dataset.hacked = 'yes' } })
await page.goto(`${stub.base}/embed/view/hostile`)
await page.waitForSelector('.bar')
await page.waitForTimeout(600)

const inspect = () => page.evaluate(() => {
  const bad = [...document.querySelectorAll('img, iframe, object, embed, script:not([src]), style, form[action], [onload], [onerror], [onclick]')].map((e) => e.outerHTML.slice(0, 80))
  const links = [...document.querySelectorAll('a')].map((a) => a.href).filter((h) => !/^(https?|mailto):/.test(h))
  return { hacked: document.documentElement.dataset.hacked, bad, links, shown: document.body.textContent.includes('<script>hacked()</script>'), tiles: document.querySelectorAll('.tile').length }
})
for (const tab of [0, 1]) {
  await page.locator('[role=tab]').nth(tab).click()
  await page.waitForTimeout(500)
  for (const svg of await page.locator('.plot svg').all()) await svg.focus().then(() => page.keyboard.press('ArrowRight'))
  const found = await inspect()
  if (found.hacked) problems.push('a text has run')
  if (!found.shown || found.tiles === 0) problems.push('the texts are not shown, so nothing was tested')
  problems.push(...found.bad, ...found.links)
}
for (const button of await page.locator('.filter-button').all()) {
  await button.click()
  await page.waitForTimeout(150)
  problems.push(...(await inspect()).bad)
  await page.keyboard.press('Escape')
}

await close()
stub.close()
for (const p of problems) console.error(p)
console.log(problems.length === 0 ? 'H110: texts stay texts on every tile, tooltip and filter' : `H110: ${problems.length} problems`)
process.exit(problems.length === 0 ? 0 : 1)
