import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { ApiError } from '../api'
import { localPath } from '../links'
import type { User } from '../wire'
import { flash, providerAddress, unfounded, waysIn } from './accounts'
import { Link, type Page } from './App'
import { Card, Form, sentence } from './Form'

export function Login({ api, go, onUser }: Page & { onUser(user: User): void }): JSX.Element {
  const [ways, setWays] = useState<string[]>(['email'])
  const [said, setSaid] = useState('')
  const [empty, setEmpty] = useState(false)
  useEffect(() => {
    waysIn(api).then(setWays, () => {}) // passwords are the way in of a server that can't say
    flash(api).then(setSaid, () => {}) // without it nothing is missing
    unfounded(api).then(setEmpty, () => {})
  }, [api])
  const next = localPath(new URLSearchParams(location.search).get('next'), location.origin)
  return (
    <Card title="Sign in to Inlay">
      {said && <p class="form-error" role="alert">{said}</p>}
      {empty && <p class="form-note" role="status">This server isn’t set up yet. Open the link that it printed when it started.</p>}
      {ways.includes('email') && (
        <Form action="Sign in" send={(v) => api.login((v['email'] ?? '').trim(), v['password'] ?? '').then(onUser)} explain={refusal}>
          <label>E-mail<input name="email" type="email" autocomplete="username" required autofocus /></label>
          <label>Password<input name="password" type="password" autocomplete="current-password" required /></label>
        </Form>
      )}
      <Providers ways={ways} redirect={next === '/' ? '' : next} />
      {ways.includes('email') && <p class="entry-link"><Link to="/forgot-password" go={go}>Forgot your password?</Link></p>}
    </Card>
  )
}

function refusal(error: unknown): string {
  if (error instanceof ApiError && error.problem === 'expired') return 'This e-mail and password don’t match an account. Check both and try again.'
  return sentence(error)
}

const NAMES: Record<string, string> = { google: 'Google', okta: 'Okta', azuread: 'Microsoft', oneLogin: 'OneLogin', oidc: 'single sign-on', saml: 'SAML' }

/** Buttons to the login providers that are set up. They are links: the browser goes there and comes back. */
export function Providers({ ways, ...options }: { ways: string[]; redirect?: string; inviteCode?: string }): JSX.Element | null {
  const providers = ways.filter((way) => NAMES[way])
  if (providers.length === 0) return null
  return (
    <div class="providers">
      {ways.includes('email') && <p class="or">or</p>}
      {providers.map((p) => <a key={p} class="button" href={providerAddress(p, options)}>Continue with {NAMES[p]}</a>)}
    </div>
  )
}
