// The card with one form in the middle of an empty page, by which people come in.

import type { ComponentChildren, JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { ApiError } from '../api'
import { noticeOf } from '../states'

export function Card({ title, children }: { title: string; children: ComponentChildren }): JSX.Element {
  useEffect(() => {
    document.title = `${title} · Inlay`
  }, [title])
  return (
    <main class="login">
      <div class="login-card">
        <img src="/favicon.svg" width="40" height="40" alt="" />
        <h1>{title}</h1>
        {children}
      </div>
    </main>
  )
}

interface Props {
  action: string // what the button says
  send(values: Record<string, string>): Promise<unknown>
  explain?(error: unknown): string
  children: ComponentChildren
}

/** A form that sends its named fields, and tells what went wrong above its button. */
export function Form({ action, send, explain = sentence, children }: Props): JSX.Element {
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState('')
  const submit = (e: SubmitEvent) => {
    e.preventDefault()
    const values: Record<string, string> = {}
    new FormData(e.currentTarget as HTMLFormElement).forEach((value, name) => (values[name] = String(value)))
    setBusy(true)
    setProblem('')
    send(values).catch((error: unknown) => setProblem(explain(error))).finally(() => setBusy(false))
  }
  return (
    <form class="entry-form" onSubmit={submit} aria-busy={busy}>
      {children}
      {problem && <p class="form-error" role="alert">{problem}</p>}
      <button type="submit" class="button primary" disabled={busy}>{action}</button>
    </form>
  )
}

/** The server's own sentence where it says what is wrong with what was typed. */
export function sentence(error: unknown): string {
  if (error instanceof ApiError && error.message && error.problem !== 'broken' && error.problem !== 'offline') return error.message
  const { title, hint } = noticeOf(error)
  return `${title}. ${hint}`
}

export function NewPassword({ label = 'Password' }: { label?: string }): JSX.Element {
  return (
    <div class="field">
      <label>{label}<input name="password" type="password" autocomplete="new-password" required minLength={8} aria-describedby="password-rule" /></label>
      <small id="password-rule">At least 8 characters, with a letter and a number or another character</small>
    </div>
  )
}

export function Name({ focus }: { focus?: boolean }): JSX.Element {
  return (
    <div class="pair">
      <label>First name<input name="firstName" autocomplete="given-name" required autofocus={focus} /></label>
      <label>Last name<input name="lastName" autocomplete="family-name" required /></label>
    </div>
  )
}
