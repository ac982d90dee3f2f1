import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { ApiError, type Api } from '../api'
import { noticeOf } from '../states'
import type { User } from '../wire'

export function Login({ api, onUser }: { api: Api; onUser(user: User): void }): JSX.Element {
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState('')
  const submit = (e: SubmitEvent) => {
    e.preventDefault()
    const form = new FormData(e.currentTarget as HTMLFormElement)
    setBusy(true)
    setProblem('')
    api.login(String(form.get('email') ?? '').trim(), String(form.get('password') ?? '')).then(onUser, (error: unknown) => {
      setBusy(false)
      setProblem(sentence(error))
    })
  }
  return (
    <main class="login">
      <form class="login-card" onSubmit={submit}>
        <img src="/favicon.svg" width="40" height="40" alt="" />
        <h1>Sign in to Inlay</h1>
        <label>E-mail<input name="email" type="email" autocomplete="username" required autofocus /></label>
        <label>Password<input name="password" type="password" autocomplete="current-password" required /></label>
        {problem && <p class="form-error" role="alert">{problem}</p>}
        <button type="submit" class="button primary" disabled={busy}>{busy ? 'Signing in…' : 'Sign in'}</button>
      </form>
    </main>
  )
}

function sentence(error: unknown): string {
  if (error instanceof ApiError && error.problem === 'expired') return 'This e-mail and password don’t match an account. Check both and try again.'
  const { title, hint } = noticeOf(error)
  return `${title}. ${hint}`
}
