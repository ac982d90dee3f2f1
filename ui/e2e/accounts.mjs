// How people come in, in a real browser, from a server that was never set up: set-up, invite, password, reset, single
// sign-on.   node e2e/accounts.mjs SETUP-LINK FOLDER-FOR-PICTURES
import { mkdir } from 'node:fs/promises'
import { newBrowser, newReport } from './browser.mjs'

const [link, folder] = process.argv.slice(2)
const site = new URL(link).origin
await mkdir(folder, { recursive: true })
const { check, failures } = newReport()
const PASSWORD = 'correct horse 1'

/** Somebody who has never been here. */
async function somebody(visit) {
  const { context, close } = await newBrowser({ width: 1100, height: 800 })
  const page = await context.newPage()
  const errors = []
  page.on('pageerror', (e) => errors.push(String(e)))
  page.on('console', (m) => m.type() === 'error' && !/401|400|403|404|406/.test(m.text()) && errors.push(m.text()))
  try {
    await visit(page, (name) => page.screenshot({ path: `${folder}/${name}.png` }))
  } catch (e) {
    await page.screenshot({ path: `${folder}/failed.png` })
    throw e
  }
  check(errors.length === 0, `no errors in the page ${errors.join(' ')}`)
  await close()
}

const field = (page, label) => page.getByLabel(label, { exact: true })
const button = (page, name) => page.getByRole('button', { name, exact: true })
const signedIn = (page) => button(page, 'Sign out').waitFor()

async function signIn(page, email, password) {
  await field(page, 'E-mail').fill(email)
  await field(page, 'Password').fill(password)
  await page.keyboard.press('Enter')
}

let invitation, reset
await somebody(async (page, picture) => {
  await page.goto(`${site}/`)
  await page.getByText('isn’t set up yet').waitFor()
  await picture('1-login-before-setup')
  await page.goto(link)
  await field(page, 'Organization').waitFor()
  check(!page.url().includes('token'), 'the token is taken from the address')
  await picture('2-setup')
  await field(page, 'Organization').fill('Golden Goods')
  await field(page, 'First name').fill('Ada')
  await field(page, 'Last name').fill('Admin')
  await field(page, 'E-mail').fill('ada@golden.test')
  await field(page, 'Password').fill('short')
  await field(page, 'Password').evaluate((e) => e.removeAttribute('minlength'))
  await button(page, 'Set up').click()
  await page.getByRole('alert').waitFor()
  await picture('3-setup-refused')
  await field(page, 'Password').fill(PASSWORD)
  await button(page, 'Set up').click()
  await signedIn(page)
  check((await page.getByText('Golden Goods').count()) === 1, 'the first admin is in their organization')
  await page.getByRole('link', { name: 'People' }).click()
  for (const email of ['ben@golden.test', 'sso@golden.test']) {
    await field(page, 'E-mail').fill(email)
    await field(page, 'Role').selectOption('editor')
    await button(page, 'Invite').click()
    await page.getByRole('cell', { name: email, exact: true }).waitFor()
  }
  invitation = await field(page, 'You are invited for ben@golden.test').inputValue()
  check(invitation.startsWith(`${site}/invite/`), 'without a mail server the invite is shown')
  await picture('4-people')
})

await somebody(async (page) => {
  await page.goto(link)
  await page.getByText('This server is set up').waitFor()
  check(true, 'the set-up page is closed')
})

await somebody(async (page, picture) => {
  await page.goto(invitation)
  await page.getByText('ben@golden.test').waitFor()
  await picture('5-invite')
  check((await page.evaluate(() => document.activeElement.getAttribute('name'))) === 'firstName', 'the first field has the focus')
  await page.keyboard.type('Ben')
  await page.keyboard.press('Tab')
  await page.keyboard.type('Buyer')
  await page.keyboard.press('Tab')
  await page.keyboard.type(PASSWORD)
  await page.keyboard.press('Enter')
  await signedIn(page)
  await button(page, 'Sign out').click()
  await signIn(page, 'ben@golden.test', 'wrong')
  await page.getByText('don’t match an account').waitFor()
  await picture('6-login-refused')
  await signIn(page, 'ben@golden.test', PASSWORD)
  await signedIn(page)
  await page.goto(invitation)
  await page.getByText('This invite doesn’t work').waitFor()
  check(true, 'an invite works once')
})

await somebody(async (page, picture) => {
  await page.goto(`${site}/login`)
  await page.getByRole('link', { name: 'Forgot your password?' }).click()
  await field(page, 'E-mail').fill('ben@golden.test')
  await page.keyboard.press('Enter')
  await page.getByRole('status').waitFor()
  await picture('7-forgot')
  await page.goto(`${site}/login?next=/people`)
  await signIn(page, 'ada@golden.test', PASSWORD)
  const shown = field(page, 'Set a new password for ben@golden.test')
  await shown.waitFor()
  reset = await shown.inputValue()
  await button(page, 'Sign out').click()
  await page.goto(reset)
  await field(page, 'New password').fill('another horse 2')
  await picture('8-reset')
  await page.keyboard.press('Enter')
  await page.getByText('Your password is set').waitFor()
  await page.getByRole('link', { name: 'Sign in' }).click()
  await signIn(page, 'ben@golden.test', 'another horse 2')
  await signedIn(page)
  check(true, 'a reset sets a new password')
  await page.goto(reset)
  await page.getByText('This link doesn’t work').waitFor()
  await picture('9-reset-again')
})

await somebody(async (page) => {
  await page.goto(`${site}/login?next=/projects/none`)
  await page.getByRole('link', { name: 'Continue with single sign-on' }).click() // the provider lets sso@golden.test in at once
  await signedIn(page)
  check(new URL(page.url()).pathname === '/projects/none', 'single sign-on ends where it was wanted')
})

await somebody(async (page, picture) => {
  await page.goto(`${site}/login`)
  await page.getByRole('link', { name: 'Continue with single sign-on' }).click() // a stranger this time
  await page.getByText('no account for stranger@elsewhere.test').waitFor()
  await picture('10-sso-refused')
  await page.reload()
  check((await page.getByText('no account for').count()) === 0, 'what went wrong is told once')
})

console.log(failures.length ? `${failures.length} failed` : 'all hold')
process.exit(failures.length ? 1 : 0)
