// The page of tenants in a real browser, against the demo: make, find, suspend, resume, end sessions, delete.
//   node e2e/tenants.mjs FACTS.json FOLDER-FOR-PICTURES
import { mkdir, readFile } from 'node:fs/promises'
import { newBrowser, newReport } from './browser.mjs'
import { FRONTS } from './fronts.mjs'

const [factsFile, folder] = process.argv.slice(2)
const facts = JSON.parse(await readFile(factsFile, 'utf8'))
const { base, fronts: { native } } = facts
await mkdir(folder, { recursive: true })
const { check, failures } = newReport()
const { context, close } = await newBrowser({ width: 1280, height: 900 })
const page = await context.newPage()
const errors = []
page.on('pageerror', (e) => errors.push(String(e)))

const field = (label) => page.getByLabel(label, { exact: true })
const button = (name) => page.getByRole('button', { name, exact: true })
const row = (name) => page.getByRole('row').filter({ has: page.getByRole('cell', { name, exact: true }) })
const sees = async (token) => (await fetch(`${base}/api/v1/inlay/view/${facts.dashboards[0].uuid}`, { headers: { Authorization: `Bearer ${token}` } })).status

for (let n = 1; n <= 26; n++) await FRONTS.upsolve.credential(facts, { name: `Many ${String(n).padStart(2, '0')}`, key: `many-${n}`, prefilters: { merchant_id: 'm-0002' } })

await page.goto(`${base}/login?next=/tenants`)
await field('E-mail').fill(native.email)
await field('Password').fill(native.password)
await page.keyboard.press('Enter')
await field('Search tenants').waitFor()
await page.getByRole('row').nth(5).waitFor()
check((await page.getByRole('row').count()) === 26, 'a page has 25 tenants')
await button('Next').click()
await page.getByText('Page 2').waitFor()
await row('Many 26').waitFor()
check(true, 'the others are on the next page')

await field('Name').fill('Acme “&” Sons')
await field('Rows it sees, one filter a line').fill('merchant m-0001')
await button('Create').click()
await page.getByRole('alert').waitFor()
check((await page.getByRole('alert').textContent()).includes('column = value'), 'a filter that isn’t one is refused')
await field('Rows it sees, one filter a line').fill('merchant_id = m-0001')
await button('Create').click()
const token = await field('Token of Acme “&” Sons').inputValue()
check((await sees(token)) === 200, 'the token of a new tenant works')
await field('Search tenants').fill('acme')
await row('Acme “&” Sons').waitFor()
await page.getByRole('row').nth(2).waitFor({ state: 'detached' })
check((await row('Acme “&” Sons').textContent()).includes('merchant_id = m-0001'), 'a search finds it, with the rows that it sees')
await page.screenshot({ path: `${folder}/1-tenants.png` })

await button('Suspend Acme “&” Sons').click()
await button('Resume Acme “&” Sons').waitFor()
check((await sees(token)) === 401, 'a suspended tenant is shut out')
await page.screenshot({ path: `${folder}/2-suspended.png` })
await button('Resume Acme “&” Sons').click()
await button('Suspend Acme “&” Sons').waitFor()
check((await sees(token)) === 200, 'one that is resumed comes in again')

await button('End sessions of Acme “&” Sons').click()
await button('Really end sessions of Acme “&” Sons').click()
await page.waitForResponse((r) => r.url().includes('/embedding/tenants'))
check((await sees(token)) === 401, 'its tokens end')

await button('Delete Acme “&” Sons').click()
check((await row('Acme “&” Sons').count()) === 1, 'one press deletes nothing')
await button('Really delete Acme “&” Sons').click()
await page.getByText('No tenant has this').waitFor()
check(errors.length === 0, `no errors in the page ${errors.join(' ')}`)
await field('Search tenants').fill('')
await page.getByRole('row').nth(5).waitFor()
await page.screenshot({ path: `${folder}/3-all.png` })

await close()
console.log(failures.length ? `${failures.length} failed` : 'all hold')
process.exit(failures.length ? 1 : 0)
