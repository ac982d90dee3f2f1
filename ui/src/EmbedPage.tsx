import type { JSX } from 'preact'
import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { Address, Credential, FilterParameter } from './address'
import { ApiError, type Api } from './api'
import { Dashboard } from './dashboard/Dashboard'
import type { Action, Host } from './host'
import { Message, noticeOf, Skeleton, type Notice } from './states'
import { applyScheme, applyTheme, readTheme } from './theme'
import type { Dashboard as Document, View } from './wire'

const WARNING = 60_000 // how long before its end the host hears that a session needs renewing
const LONGEST = 2 ** 31 - 1 // of a timer

/** Opens the dashboard that an address names, and keeps it open through renewed sessions. */
export function EmbedPage({ address, api, host }: { address: Address; api: Api; host: Host }): JSX.Element {
  const [options, setOptions] = useState(address.options)
  const [opened, setOpened] = useState<{ view: View; document: Document }>()
  const [notice, setNotice] = useState<Notice>()
  const [expired, setExpired] = useState(false)
  const [epoch, setEpoch] = useState(0)
  const [pushed, setPushed] = useState<FilterParameter[]>([])
  const [look, setLook] = useState<Record<string, unknown> | null>(null) // posted by the host
  const started = useRef(false)
  const unused = useRef<Credential>(undefined) // a session can be exchanged once only, so a retry must not try it again
  const theme = useMemo(() => readTheme(look ?? opened?.view.theme), [look, opened?.view.theme])

  const end = useCallback(() => {
    setExpired((was) => {
      if (!was) host.emit('session-expired', {})
      return true
    })
  }, [host])

  const open = useCallback(async (credential?: Credential) => {
    unused.current = credential ?? unused.current
    try {
      if (unused.current) await api.use(unused.current)
      unused.current = undefined
      const view = await api.view(address.dashboard)
      const document = await api.dashboard(view.dashboardUuid)
      // The same document keeps its identity, so that filters and tiles keep their state over a renewal.
      setOpened((now) => ({ view, document: now && sameDocument(now.document, document) ? now.document : document }))
      setNotice(undefined)
      setExpired(false)
      return view
    } catch (error) {
      const found = noticeOf(error)
      setNotice(found)
      host.emit('error', { message: found.title, name: found.problem, fatal: true })
      if (error instanceof ApiError && error.problem === 'expired') end()
      return undefined
    }
  }, [api, address, host, end])

  useEffect(() => {
    if (started.current) return
    started.current = true
    host.emit('ready', { mode: address.credential.kind === 'cookie' ? 'private' : 'signed', surface: 'dashboard', publicId: address.dashboard })
    void open(address.credential).then((view) => {
      if (view) host.emit('view', { surface: 'dashboard', path: location.pathname, publicId: address.dashboard, title: view.name })
    })
  }, [])

  useEffect(() => host.listen((action) => act(action)), [host, open])
  function act(action: Action): void {
    switch (action.type) {
      case 'set-color-scheme':
        return setOptions((o) => ({ ...o, scheme: action.scheme }))
      case 'set-theme':
        return setLook(action.theme)
      case 'set-locale':
        return setOptions((o) => ({ ...o, locale: action.locale }))
      case 'set-timezone':
        return setOptions((o) => ({ ...o, timezone: action.timezone }))
      case 'set-filter':
        return setPushed(action.filters)
      case 'refresh':
        return setEpoch((n) => n + 1)
      case 'set-token':
        return void open({ kind: address.front === 'cube' ? 'embed' : 'bearer', token: action.token })
      case 'set-session':
        return void open({ kind: 'session', sessionId: action.sessionId })
    }
  }

  useEffect(() => applyTheme(theme), [theme])
  useEffect(() => applyScheme(options.scheme ?? theme.scheme ?? 'light'), [options.scheme, theme.scheme])
  useEffect(() => {
    document.documentElement.lang = options.locale ?? 'en'
  }, [options.locale])
  useEffect(() => {
    if (opened) document.title = opened.document.name
  }, [opened])
  useEffect(() => (opened && !expired ? api.watch(() => void open()) : undefined), [opened?.view, expired, api, open])
  useEffect(() => watchExpiry(opened?.view.expiresAt, host, end), [opened?.view, host, end])

  if (!opened) {
    if (notice?.problem === 'expired' && api.usesCookie) return window.parent === window ? <SignIn /> : <OutOfSight />
    if (notice) return <div class="page-message"><Message notice={notice} action={retryable(notice) && <button type="button" class="button" onClick={() => void open()}>Try again</button>} /></div>
    return <div class="opening" role="status" aria-label="Loading"><i class="opening-title" /><div class="grid">{[12, 12, 12, 20, 16].map((w, i) => <section key={i} class="tile" style={{ '--x': 'auto', '--y': 'auto', '--w': w, '--h': i < 3 ? 4 : 8 }}><div class="tile-body"><Skeleton kind={i < 3 ? 'big_number' : 'bar'} /></div></section>)}</div></div>
  }
  return (
    <>
      {(expired || notice) && <Banner notice={notice ?? noticeOf(new ApiError('expired', ''))} />}
      <Dashboard api={api} view={opened.view} document={opened.document} options={options} theme={theme} host={host} epoch={epoch} pushed={pushed} expired={expired} onExpired={end} />
    </>
  )
}

/** Somebody who opened the page by itself, without a token, can have a session by signing in. */
function SignIn(): JSX.Element {
  const next = encodeURIComponent(location.pathname + location.search)
  return <div class="page-message"><Message notice={{ problem: 'expired', title: 'Sign in to see this dashboard', hint: 'You are not signed in, or your session has ended.' }} action={<a class="button" href={`/login?next=${next}`}>Sign in</a>} /></div>
}

/** In a frame of another site the browser keeps back the cookie of somebody who is signed in here. */
function OutOfSight(): JSX.Element {
  const notice: Notice = { problem: 'expired', title: 'Not signed in within this page', hint: 'Your session has ended, or the browser blocks cookies in pages of other sites. Open the dashboard in a tab of its own.' }
  return <div class="page-message"><Message notice={notice} action={<a class="button" href={location.pathname + location.search} target="_blank" rel="noopener">Open in a tab</a>} /></div>
}

function Banner({ notice }: { notice: Notice }): JSX.Element {
  return <div class="banner" role="alert" data-problem={notice.problem}><strong>{notice.title}.</strong> {notice.hint}</div>
}

function retryable({ problem }: Notice): boolean {
  return problem === 'offline' || problem === 'busy' || problem === 'broken'
}

function sameDocument(a: Document, b: Document): boolean {
  const content = ({ uuid, name, description, tiles, tabs, filters }: Document) => JSON.stringify({ uuid, name, description, tiles, tabs, filters })
  return content(a) === content(b)
}

/** Tells the host shortly before a session ends, and the page when it has. */
function watchExpiry(expiresAt: string | null | undefined, host: Host, end: () => void): (() => void) | undefined {
  const at = expiresAt ? Date.parse(expiresAt) : NaN
  if (Number.isNaN(at)) return undefined
  const left = at - Date.now()
  if (left > LONGEST) return undefined
  const timers = [setTimeout(end, Math.max(left, 0))]
  if (left > 0) timers.push(setTimeout(() => host.emit('session-expiring', { expiresAt }), Math.max(left - WARNING, 0)))
  return () => timers.forEach(clearTimeout)
}
