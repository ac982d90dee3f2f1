// How people come in for the first time, and again when they forgot their password.

import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { Api } from '../api'
import { askReset, checkReset, foundOrganization, invite, register, resetPassword, unfounded, waysIn } from './accounts'
import { Link, type Page } from './App'
import { Card, Form, Name, NewPassword, sentence } from './Form'
import { Providers } from './Login'

/** The set-up token stands behind the "#", where no server and no log sees it. It is taken from the address at once. */
const setupToken = location.pathname === '/setup' ? new URLSearchParams(location.hash.slice(1)).get('token') ?? '' : ''
if (setupToken) history.replaceState(null, '', location.pathname)

export function Setup({ api, onEntered }: { api: Api; onEntered(): void }): JSX.Element {
  const [open, setOpen] = useState<boolean>()
  const [registered, setRegistered] = useState(false)
  useEffect(() => {
    unfounded(api).then(setOpen, () => setOpen(true)) // the form tells what is wrong
  }, [api])
  if (open === undefined) return <div class="opening" role="status" aria-label="Loading" />
  if (!open) return <Card title="This server is set up"><p class="form-note">Its administrator can invite you.</p><a class="button primary" href="/login">Sign in</a></Card>
  const send = async (v: Record<string, string>) => {
    if (!registered) {
      await register(api, { email: (v['email'] ?? '').trim(), firstName: v['firstName'] ?? '', lastName: v['lastName'] ?? '', password: v['password'] ?? '', setupToken: v['token'] ?? setupToken })
      setRegistered(true)
    }
    await foundOrganization(api, (v['organization'] ?? '').trim())
    onEntered()
  }
  return (
    <Card title="Set up this server">
      <p class="form-note">You become its first administrator.</p>
      <Form action="Set up" send={send}>
        <label>Organization<input name="organization" autocomplete="organization" required autofocus /></label>
        {!registered && (
          <>
            <Name />
            <label>E-mail<input name="email" type="email" autocomplete="username" required /></label>
            <NewPassword />
            {!setupToken && <label>Set-up token, as the server printed it<input name="token" required autocomplete="off" /></label>}
          </>
        )}
      </Form>
    </Card>
  )
}

export function AcceptInvite({ api, code, onEntered }: { api: Api; code: string; onEntered(): void }): JSX.Element {
  const [email, setEmail] = useState<string>()
  const [ways, setWays] = useState<string[]>(['email'])
  const [problem, setProblem] = useState('')
  useEffect(() => {
    invite(api, code).then((i) => setEmail(i.email), (e: unknown) => setProblem(sentence(e)))
    waysIn(api).then(setWays, () => {}) // a password always works where nobody says otherwise
  }, [api, code])
  if (problem) return <Dead title="This invite doesn’t work" problem={problem} />
  if (email === undefined) return <div class="opening" role="status" aria-label="Loading" />
  const send = (v: Record<string, string>) =>
    register(api, { inviteCode: code, firstName: v['firstName'] ?? '', lastName: v['lastName'] ?? '', password: v['password'] ?? '' }).then(onEntered)
  return (
    <Card title="Open your account">
      <p class="form-note">for <strong>{email}</strong></p>
      {ways.includes('email') && (
        <Form action="Open account" send={send}>
          <Name focus />
          <input type="hidden" name="email" autocomplete="username" value={email} />
          <NewPassword />
        </Form>
      )}
      <Providers ways={ways} inviteCode={code} />
    </Card>
  )
}

export function ForgotPassword({ api, go }: Page): JSX.Element {
  const [asked, setAsked] = useState(false)
  return (
    <Card title="Set a new password">
      {asked ? (
        <p class="form-note" role="status">If there is an account with this address, a link is on its way to it. It works for 24 hours. Where this server sends no mail, its administrator has the link.</p>
      ) : (
        <Form action="Send me a link" send={(v) => askReset(api, (v['email'] ?? '').trim()).then(() => setAsked(true))}>
          <label>E-mail<input name="email" type="email" autocomplete="username" required autofocus /></label>
        </Form>
      )}
      <p class="entry-link"><Link to="/login" go={go}>Back to sign in</Link></p>
    </Card>
  )
}

export function ResetPassword({ api, go, code }: Page & { code: string }): JSX.Element {
  const [problem, setProblem] = useState('')
  const [done, setDone] = useState(false)
  useEffect(() => {
    checkReset(api, code).catch((e: unknown) => setProblem(sentence(e)))
  }, [api, code])
  if (problem) return <Dead title="This link doesn’t work" problem={problem} />
  if (done) return <Card title="Your password is set"><Link to="/login" go={go} class="button primary">Sign in</Link></Card>
  return (
    <Card title="Set a new password">
      <Form action="Set password" send={(v) => resetPassword(api, code, v['password'] ?? '').then(() => setDone(true))}>
        <NewPassword label="New password" />
      </Form>
    </Card>
  )
}

function Dead({ title, problem }: { title: string; problem: string }): JSX.Element {
  return <Card title={title}><p class="form-error" role="alert">{problem}</p><a class="button" href="/login">Sign in</a></Card>
}
