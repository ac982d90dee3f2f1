// Takes pictures of the stub's pages, for looking at them: node dev/shots.mjs [folder] [name …]
import { mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { newBrowser } from '../e2e/browser.mjs'

const base = process.env.BASE ?? 'http://127.0.0.1:4400'
const [folder = join(tmpdir(), 'shots'), ...names] = process.argv.slice(2)
const WIDE = { width: 1360, height: 900 }
const NARROW = { width: 400, height: 860 }

const SHOTS = {
  overview: { path: '/embed/view/demo' },
  details: { path: '/embed/view/demo', act: (p) => p.getByRole('tab', { name: 'Details' }).click() },
  dark: { path: '/embed/view/demo?theme=dark' },
  'dark-details': { path: '/embed/view/demo?theme=dark', act: (p) => p.getByRole('tab', { name: 'Details' }).click() },
  narrow: { path: '/embed/view/demo', size: NARROW },
  tablet: { path: '/embed/view/demo', size: { width: 820, height: 900 } },
  loading: { path: '/embed/view/loading' },
  waiting: { path: '/embed/view/waiting' },
  expired: { path: '/embed/view/expired' },
  ending: { path: '/embed/view/ending', wait: 3500 },
  missing: { path: '/embed/view/missing' },
  empty: { path: '/embed/view/empty' },
  blank: { path: '/embed/view/blank' },
  themed: { path: '/embed/view/themed' },
  filter: { path: '/embed/view/demo', act: (p) => p.locator('[data-filter=orders_region]').click() },
  'filter-date': { path: '/embed/view/demo', act: (p) => p.locator('[data-filter=orders_order_date]').click() },
  hover: { path: '/embed/view/demo', act: (p) => p.locator('[data-tile=tile-stacked] svg').hover({ position: { x: 300, y: 120 } }) },
  'hover-pie': { path: '/embed/view/demo', act: (p) => p.locator('[data-tile=tile-regions] .pie-plot svg').hover({ position: { x: 150, y: 70 } }) },
  home: { path: '/' },
  native: { path: '/projects/p1/dashboards/8b1f3c1e-0000-4000-8000-000000000001' },
  login: { path: '/login', act: (p) => p.getByRole('button', { name: 'Sign out' }).click() },
}

await mkdir(folder, { recursive: true })
const { context, close } = await newBrowser(WIDE)
for (const [name, shot] of Object.entries(SHOTS)) {
  if (names.length > 0 && !names.includes(name)) continue
  const page = await context.newPage()
  page.on('console', (m) => m.type() === 'error' && console.log(name, m.text()))
  page.on('pageerror', (e) => console.log(name, e.message))
  await page.setViewportSize(shot.size ?? WIDE)
  await page.goto(base + shot.path)
  await page.waitForTimeout(shot.wait ?? 700)
  await shot.act?.(page)
  await page.waitForTimeout(400)
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: !shot.act })
  await page.close()
}
await close()
