// How a customer's backend gets one tenant's credential from each front, and the address that its page then frames.
// Everything here runs on the customer's server: keys never reach the browser.

async function call(url, init) {
  const response = await fetch(url, { redirect: 'manual', ...init })
  const text = await response.text()
  if (!response.ok) throw new Error(`${init?.method ?? 'GET'} ${url.split('?')[0]}: ${response.status} ${text.slice(0, 300)}`)
  return text
}

async function post(url, body, headers = {}) {
  return JSON.parse(await call(url, { method: 'POST', headers: { 'Content-Type': 'application/json', ...headers }, body: JSON.stringify(body) }))
}

export const FRONTS = {
  upsolve: {
    async credential({ fronts: { upsolve } }, tenant) {
      const answer = await post(upsolve.register, { apiKey: upsolve.apiKey, displayName: tenant.name, key: tenant.key, prefilters: tenant.prefilters })
      return { token: answer.data.token }
    },
    page: ({ base }, dashboard, { token }) => `${base}/share/dashboard/${dashboard.uuid}?theme=light&jwt=${encodeURIComponent(token)}`,
    renewal: ({ token }) => ({ source: 'inlay-embed', direction: 'action', type: 'inlay:action:set-token', payload: { token } }),
  },

  cube: {
    async credential({ fronts: { cube } }, tenant) {
      const answer = await post(cube.generateSession, { deploymentId: cube.deploymentId, externalId: tenant.key, securityContext: tenant.securityContext }, { Authorization: `Api-Key ${cube.apiKey}` })
      return { session: answer.sessionId }
    },
    page: ({ base }, dashboard, { session }) => `${base}/embed/dashboard/${dashboard.publicId}?session=${encodeURIComponent(session)}`,
    renewal: ({ session }) => ({ source: 'cube-embed', direction: 'action', type: 'cube:action:set-session', payload: { sessionId: session } }),
  },

  thoughtspot: {
    async credential({ fronts: { thoughtspot } }, tenant) {
      const form = new URLSearchParams({ secret_key: thoughtspot.secretKey, username: `guest-${tenant.key}`, access_level: 'FULL', autocreate: 'true', orgid: String(thoughtspot.orgId), groups: JSON.stringify(tenant.groups) })
      return { username: form.get('username'), token: await call(thoughtspot.authToken, { method: 'POST', body: form }) }
    },
    // The browser logs in with the token and is sent on to the page: a cookie is all that remains.
    page: ({ base, fronts: { thoughtspot } }, dashboard, { username, token }) =>
      `${thoughtspot.loginToken}?${new URLSearchParams({ username, auth_token: token, redirect_url: `/embed/view/${dashboard.uuid}` })}`.replace(/^(?=\/)/, base),
  },

  native: {
    async credential({ fronts: { native } }, tenant) {
      const viewer = native.viewers?.find((v) => v.tenant === tenant.key) ?? native
      return { email: viewer.email, password: viewer.password }
    },
    // A person signs in on the login page, in the same browser, and then opens the page.
    async before(context, { base }, { email, password }) {
      const page = await context.newPage()
      await page.goto(`${base}/login`)
      await page.getByLabel('E-mail').fill(email)
      await page.getByLabel('Password').fill(password)
      await page.getByRole('button', { name: 'Sign in' }).click()
      await page.getByRole('button', { name: 'Sign out' }).waitFor()
      await page.close()
    },
    page: ({ base }, dashboard) => `${base}/embed/view/${dashboard.uuid}`,
  },
}
