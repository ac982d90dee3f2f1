// What the page says when there is nothing to show: one sentence on what happened, one on what to do.

import type { ComponentChildren, JSX } from 'preact'
import { ApiError, type Problem } from './api'

export interface Notice {
  problem: Problem | 'empty'
  title: string
  hint: string
}

const TEXTS: Record<Problem, [title: string, hint: string]> = {
  expired: ['Your session has ended', 'Reload the page around this dashboard to continue.'],
  forbidden: ['You don’t have access to this', 'Ask the person who shared it with you for access.'],
  missing: ['This could not be found', 'It may have been moved or deleted, or it was never shared with you.'],
  refused: ['This could not be shown', 'The request was not accepted. Try other filters, or tell whoever maintains this dashboard.'],
  busy: ['Too much is going on right now', 'Wait a moment, then try again.'],
  offline: ['The server could not be reached', 'Check your connection, then try again.'],
  broken: ['Something went wrong', 'Try again. If it keeps happening, tell whoever maintains this dashboard.'],
}

/** The notice for an error. The server's own sentence is shown when it explains a refusal. */
export function noticeOf(error: unknown): Notice {
  const problem = error instanceof ApiError ? error.problem : 'broken'
  const [title, hint] = TEXTS[problem]
  const said = error instanceof ApiError && problem === 'refused' && error.message ? error.message.slice(0, 300) : ''
  const trace = error instanceof ApiError && error.trace ? ` (${error.trace})` : ''
  return { problem, title, hint: (said || hint) + trace }
}

const ICONS: Record<string, string> = {
  expired: 'M12 7v5l3 2M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Z',
  forbidden: 'M7 11V8a5 5 0 0 1 10 0v3M6 11h12v9H6Z',
  missing: 'M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14ZM16 16l4 4M9 11h4',
  offline: 'M4 9a12 12 0 0 1 16 0M7 13a7 7 0 0 1 10 0M12 17v.5M4 4l16 16',
  empty: 'M4 19h16M7 15v1M12 11v5M17 7v9',
}

export function Message({ notice, action }: { notice: Notice; action?: ComponentChildren }): JSX.Element {
  return (
    <div class="message" role={notice.problem === 'empty' ? 'status' : 'alert'} data-problem={notice.problem}>
      <svg class="message-icon" viewBox="0 0 24 24" width="28" height="28" aria-hidden="true">
        <path d={ICONS[notice.problem] ?? 'M12 8v5M12 16v.5M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Z'} />
      </svg>
      <p class="message-title">{notice.title}</p>
      <p class="message-hint">{notice.hint}</p>
      {action}
    </div>
  )
}

/** A resting shape of what is about to appear. */
export function Skeleton({ kind }: { kind?: string | null }): JSX.Element {
  return (
    <div class="skeleton" role="status" aria-label="Loading">
      {kind === 'big_number' ? (
        <div class="skeleton-number"><i /><i /></div>
      ) : kind === 'table' ? (
        <div class="skeleton-table">{[0, 1, 2, 3, 4, 5].map((i) => <i key={i} />)}</div>
      ) : kind === 'pie' ? (
        <div class="skeleton-pie"><i /></div>
      ) : (
        <div class="skeleton-bars">{[46, 72, 58, 88, 64, 94, 76].map((h) => <i key={h} style={{ height: `${h}%` }} />)}</div>
      )}
    </div>
  )
}
