// The only place that talks to the server. It holds the credential in memory and puts it in a header, nowhere else.

import type { Credential } from './address'
import { watchCredential } from './watch'
import type { ChartResults, Dashboard, DashboardFilters, User, View } from './wire'

/** What went wrong with a call, by what the person in front of the page can do about it. */
export type Problem = 'expired' | 'forbidden' | 'missing' | 'refused' | 'busy' | 'offline' | 'broken'

export class ApiError extends Error {
  constructor(
    readonly problem: Problem,
    message: string,
    readonly trace?: string,
  ) {
    super(message)
  }
}

type Held = Exclude<Credential, { kind: 'session' }>
const headerOf = (as: Held): string | undefined => (as.kind === 'cookie' ? undefined : `${as.kind === 'bearer' ? 'Bearer' : 'Embed-Token'} ${as.token}`)

type Fetch = (input: string, init: RequestInit) => Promise<Response>

export class Api {
  private held: Held = { kind: 'cookie' }
  private readonly renewed = new Set<() => void>()

  constructor(private readonly fetch: Fetch = (input, init) => window.fetch(input, init)) {}

  /** Uses a credential from now on, exchanging a one-time session first. Requests that already run are not touched. */
  async use(credential: Credential): Promise<void> {
    this.held = credential.kind === 'session' ? await this.exchange(credential.sessionId) : credential
    for (const tell of this.renewed) tell()
  }

  /** Calls `tell` whenever the credential was replaced; returns what undoes it. */
  onRenewed(tell: () => void): () => void {
    this.renewed.add(tell)
    return () => this.renewed.delete(tell)
  }

  /** Calls `tell` when the credential in use may have ended; returns what ends the watch. */
  watch(tell: () => void): () => void {
    return watchCredential(headerOf(this.held), tell)
  }

  get usesCookie(): boolean {
    return this.held.kind === 'cookie'
  }

  private async exchange(sessionId: string): Promise<Held> {
    const response = await this.send('POST', '/api/v1/embed/session/token', { kind: 'cookie' }, { sessionId })
    const body = (await readJson(response)) as { token?: unknown } | undefined
    if (typeof body?.token !== 'string') throw new ApiError('broken', 'The server did not answer with a token.')
    return { kind: 'embed', token: body.token }
  }

  view(dashboard: string, signal?: AbortSignal): Promise<View> {
    return this.call('GET', `/api/v1/inlay/view/${encodeURIComponent(dashboard)}`, undefined, signal)
  }

  dashboard(uuid: string, signal?: AbortSignal): Promise<Dashboard> {
    return this.call('GET', `/api/v1/dashboards/${encodeURIComponent(uuid)}`, undefined, signal)
  }

  chartResults(chart: string, dashboardUuid: string, dashboardFilters: DashboardFilters, signal?: AbortSignal): Promise<ChartResults> {
    return this.call('POST', `/api/v1/saved/${encodeURIComponent(chart)}/chart-and-results`, { dashboardUuid, dashboardFilters, dashboardSorts: [] }, signal)
  }

  chartTotals(chart: string, dashboardFilters: DashboardFilters, signal?: AbortSignal): Promise<Record<string, unknown>> {
    return this.call('POST', `/api/v1/saved/${encodeURIComponent(chart)}/calculate-total`, { dashboardFilters }, signal)
  }

  async fieldValues(project: string, field: string, table: string, search: string, signal?: AbortSignal): Promise<unknown[]> {
    const path = `/api/v1/projects/${encodeURIComponent(project)}/field/${encodeURIComponent(field)}/search`
    const found = await this.call<{ results: unknown[] }>('POST', path, { table, search, limit: 50 }, signal)
    return found.results
  }

  user(): Promise<User> {
    return this.call('GET', '/api/v1/user')
  }

  login(email: string, password: string): Promise<User> {
    return this.call('POST', '/api/v1/login', { email, password })
  }

  logout(): Promise<unknown> {
    return this.call('GET', '/api/v1/logout')
  }

  projects(): Promise<{ projectUuid: string; name: string; type?: string }[]> {
    return this.call('GET', '/api/v1/org/projects')
  }

  dashboards(project: string): Promise<{ uuid: string; name: string; description?: string | null; spaceName?: string; updatedAt?: string }[]> {
    return this.call('GET', `/api/v1/projects/${encodeURIComponent(project)}/dashboards`)
  }

  /** One call of the native API; gives what its envelope holds. */
  async call<T>(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
    const response = await this.send(method, path, this.held, body, signal)
    const answer = (await readJson(response)) as { status?: string; results?: T } | undefined
    if (answer?.status !== 'ok') throw new ApiError('broken', 'The server sent something unexpected.')
    return answer.results as T
  }

  private async send(method: string, path: string, as: Held, body: unknown, signal?: AbortSignal): Promise<Response> {
    const headers: Record<string, string> = { Accept: 'application/json', 'X-Requested-By': 'inlay' }
    if (body !== undefined) headers['Content-Type'] = 'application/json'
    const authorization = headerOf(as)
    if (authorization) headers['Authorization'] = authorization
    const response = await this.fetch(path, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      signal,
      // With a token of its own the page must not also be somebody who happens to be signed in here.
      credentials: as.kind === 'cookie' ? 'same-origin' : 'omit',
      cache: 'no-store',
      referrerPolicy: 'no-referrer',
    }).catch((cause: unknown) => {
      if (signal?.aborted) throw cause
      throw new ApiError('offline', 'The server could not be reached.')
    })
    if (!response.ok) throw await failure(response)
    return response
  }
}

const PROBLEMS: Record<number, Problem> = { 401: 'expired', 403: 'forbidden', 404: 'missing', 429: 'busy', 503: 'busy', 504: 'busy' }

async function failure(response: Response): Promise<ApiError> {
  const body = (await readJson(response)) as { error?: { message?: unknown; id?: unknown; traceId?: unknown } | string } | undefined
  const error = typeof body?.error === 'object' ? body.error : { message: body?.error, id: undefined, traceId: undefined }
  const problem = PROBLEMS[response.status] ?? (response.status >= 500 ? 'broken' : 'refused')
  const trace = error.id ?? error.traceId
  return new ApiError(problem, typeof error.message === 'string' ? error.message : '', typeof trace === 'string' ? trace : undefined)
}

async function readJson(response: Response): Promise<unknown> {
  try {
    return await response.json()
  } catch {
    return undefined
  }
}
