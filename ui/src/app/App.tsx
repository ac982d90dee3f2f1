import type { ComponentChildren, JSX } from 'preact'
import { useCallback, useEffect, useState } from 'preact/hooks'
import { ApiError, type Api } from '../api'
import { localPath } from '../links'
import { Message, noticeOf } from '../states'
import type { User } from '../wire'
import { DashboardPage } from './DashboardPage'
import { Home } from './Home'
import { AcceptInvite, ForgotPassword, ResetPassword, Setup } from './Entry'
import { Login } from './Login'
import { People } from './People'
import { Tenants } from './Tenants'

const SIMPLE: Record<string, 'login' | 'setup' | 'forgot' | 'people' | 'tenants'> = { '/login': 'login', '/setup': 'setup', '/forgot-password': 'forgot', '/people': 'people', '/tenants': 'tenants' }

/** Pages that need nobody to be signed in. */
const OPEN = new Set(['login', 'setup', 'forgot', 'invite', 'reset'])

export interface Page {
  api: Api
  go(path: string): void
}

/** Which page an address shows. */
export function route(path: string): { page: 'login' | 'setup' | 'forgot' | 'people' | 'tenants' } | { page: 'invite' | 'reset'; code: string } | { page: 'dashboard'; dashboard: string } | { page: 'home'; project?: string } {
  const simple = SIMPLE[path.replace(/\/$/, '')]
  if (simple) return { page: simple }
  const [, kind, code] = /^\/(invite|reset-password)\/([^/]+)/.exec(path) ?? []
  if (code) return { page: kind === 'invite' ? 'invite' : 'reset', code: safeDecode(code) }
  const dashboard = /^\/projects\/[^/]+\/dashboards\/([^/]+)/.exec(path)?.[1]
  if (dashboard) return { page: 'dashboard', dashboard: safeDecode(dashboard) }
  const project = /^\/projects\/([^/]+)/.exec(path)?.[1]
  return { page: 'home', project: project && safeDecode(project) }
}

function safeDecode(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}

export function App({ api }: { api: Api }): JSX.Element {
  const [path, setPath] = useState(location.pathname)
  const [user, setUser] = useState<User | null>()
  const [error, setError] = useState<unknown>()
  const go = useCallback((to: string) => {
    history.pushState(null, '', to)
    setPath(location.pathname)
    window.scrollTo(0, 0)
  }, [])
  useEffect(() => {
    const back = () => setPath(location.pathname)
    window.addEventListener('popstate', back)
    return () => window.removeEventListener('popstate', back)
  }, [])
  const who = useCallback(() => {
    setError(undefined)
    api.user().then(setUser, (e: unknown) => (e instanceof ApiError && e.problem === 'expired' ? setUser(null) : setError(e)))
  }, [api])
  useEffect(who, [who])

  const at = route(path)
  useEffect(() => {
    if (user === null && !OPEN.has(at.page)) go(path === '/' ? '/login' : `/login?next=${encodeURIComponent(path + location.search)}`)
    if (user && at.page === 'login') go(localPath(new URLSearchParams(location.search).get('next'), location.origin))
  }, [user, path])

  if (error) return <div class="page-message"><Message notice={noticeOf(error)} action={<button type="button" class="button" onClick={who}>Try again</button>} /></div>
  const entered = () => { go('/'); who() }
  if (at.page === 'invite') return <AcceptInvite api={api} code={at.code} onEntered={entered} />
  if (at.page === 'reset') return <ResetPassword api={api} go={go} code={at.code} />
  if (at.page === 'forgot') return <ForgotPassword api={api} go={go} />
  if (at.page === 'setup') return <Setup api={api} onEntered={entered} />
  if (user === undefined) return <div class="opening" role="status" aria-label="Loading" />
  if (at.page === 'login') return <Login api={api} go={go} onUser={setUser} />
  if (!user) return <div class="opening" role="status" aria-label="Loading" />
  const signOut = () => api.logout().then(() => setUser(null), () => setUser(null))
  return (
    <>
      <TopBar user={user} go={go} onSignOut={signOut} />
      <main class="content">
        {at.page === 'dashboard'
          ? <DashboardPage key={at.dashboard} api={api} go={go} dashboard={at.dashboard} onSignedOut={() => setUser(null)} />
          : at.page === 'people' ? <People api={api} go={go} />
          : at.page === 'tenants' ? <Tenants api={api} go={go} />
          : <Home api={api} go={go} project={'project' in at ? at.project : undefined} onSignedOut={() => setUser(null)} />}
      </main>
    </>
  )
}

function TopBar({ user, go, onSignOut }: { user: User; go(path: string): void; onSignOut(): void }): JSX.Element {
  const name = [user.firstName, user.lastName].filter(Boolean).join(' ') || user.email || 'Signed in'
  return (
    <header class="topbar">
      <Link to="/" go={go} class="brand"><img src="/favicon.svg" width="24" height="24" alt="" /> Inlay</Link>
      {user.organizationName && <span class="organization">{user.organizationName}</span>}
      <span class="spacer" />
      {user.role === 'admin' && <><Link to="/people" go={go} class="button quiet">People</Link><Link to="/tenants" go={go} class="button quiet">Tenants</Link></>}
      <span class="who" title={user.email}><i class="avatar" aria-hidden="true">{initials(name)}</i>{name}</span>
      <button type="button" class="button quiet" onClick={onSignOut}>Sign out</button>
    </header>
  )
}

function initials(name: string): string {
  return name.split(/\s+/).slice(0, 2).map((w) => w.charAt(0).toUpperCase()).join('')
}

/** A link within the application; modified clicks stay the browser's. */
export function Link({ to, go, class: name, children }: { to: string; go(path: string): void; class?: string; children: ComponentChildren }): JSX.Element {
  const click = (e: MouseEvent) => {
    if (e.metaKey || e.ctrlKey || e.shiftKey || e.altKey || e.button !== 0) return
    e.preventDefault()
    go(to)
  }
  return <a href={to} class={name} onClick={click}>{children}</a>
}
