// Messages between the page and the product around it. Both sides are named exactly: only the parent window, only its
// origin, and nothing is ever posted to "*".

import { localeOf, readFilterText, timezoneOf, type FilterParameter } from './address'

export type Action =
  | { type: 'set-color-scheme'; scheme: 'light' | 'dark' | 'system' }
  | { type: 'set-theme'; theme: Record<string, unknown> }
  | { type: 'set-locale'; locale: string }
  | { type: 'set-timezone'; timezone: string }
  | { type: 'set-filter'; filters: FilterParameter[] }
  | { type: 'refresh' }
  | { type: 'set-token'; token: string }
  | { type: 'set-session'; sessionId: string }

export interface Host {
  emit(event: string, payload: Record<string, unknown>): void
  listen(act: (action: Action) => void): () => void
}

/** Two dialects of one envelope: Cube's for pages opened at its addresses, ours everywhere else. Both are understood. */
const SOURCES = { cube: 'cube-embed', inlay: 'inlay-embed' } as const

/** The exact origin of the window around this one, or undefined when it can't be known or isn't on the list. */
export function hostOrigin(ancestors: ArrayLike<string> | undefined, referrer: string, allowed: string[]): string | undefined {
  const origin = ancestors?.[0] ?? originOf(referrer) ?? (allowed.length === 1 ? allowed[0] : undefined)
  if (!origin || origin === 'null') return undefined
  return allowed.length === 0 || allowed.includes(origin) ? origin : undefined
}

function originOf(address: string): string | undefined {
  try {
    const { origin } = new URL(address)
    return origin === 'null' ? undefined : origin
  } catch {
    return undefined
  }
}

export function connectHost(window: Window, dialect: 'cube' | 'inlay', origin: string | undefined): Host {
  const framed = window.parent !== window && origin !== undefined
  return {
    emit(event, payload) {
      if (!framed) return
      const message = { source: SOURCES[dialect], direction: 'event', type: `${dialect}:event:${event}`, surface: 'dashboard', payload, timestamp: Date.now() }
      window.parent.postMessage(message, origin)
    },
    listen(act) {
      const receive = (event: MessageEvent) => {
        if (!framed || event.source !== window.parent || event.origin !== origin) return
        const action = readAction(event.data)
        if (action) act(action)
      }
      window.addEventListener('message', receive)
      return () => window.removeEventListener('message', receive)
    },
  }
}

/** The action in a message; undefined for everything that is not one, however it is malformed. */
export function readAction(data: unknown): Action | undefined {
  if (typeof data !== 'object' || data === null) return undefined
  const { source, direction, type, payload } = data as Record<string, unknown>
  const match = typeof type === 'string' ? /^(cube|inlay):action:([a-z-]+)$/.exec(type) : null
  if (!match || source !== SOURCES[match[1] as 'cube' | 'inlay'] || direction !== 'action') return undefined
  const given = typeof payload === 'object' && payload !== null ? (payload as Record<string, unknown>) : {}
  return actionOf(match[2] ?? '', given)
}

function actionOf(type: string, given: Record<string, unknown>): Action | undefined {
  const text = (name: string) => (typeof given[name] === 'string' && given[name] !== '' ? (given[name] as string) : undefined)
  switch (type) {
    case 'set-color-scheme': {
      const scheme = text('scheme')
      return scheme === 'light' || scheme === 'dark' || scheme === 'system' ? { type, scheme } : undefined
    }
    case 'set-theme':
      return { type, theme: given }
    case 'set-locale': {
      const locale = localeOf(text('locale'))
      return locale ? { type, locale } : undefined
    }
    case 'set-timezone': {
      const timezone = timezoneOf(text('timezone'))
      return timezone ? { type, timezone } : undefined
    }
    case 'set-filter': {
      const filters = readFilterText(text('filterUrlParameter') ?? '')
      return filters.length > 0 ? { type, filters } : undefined
    }
    case 'refresh':
      return { type }
    case 'set-token': {
      const token = text('token')
      return token ? { type, token } : undefined
    }
    case 'set-session': {
      const sessionId = text('sessionId')
      return sessionId ? { type, sessionId } : undefined
    }
    default:
      return undefined
  }
}
