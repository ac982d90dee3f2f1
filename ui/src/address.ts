// What an address asks for. The credential in it is read once and then removed from the address bar, the history and
// anything that could be logged or sent as a referrer.

export type Credential =
  | { kind: 'cookie' }
  | { kind: 'bearer'; token: string }
  | { kind: 'embed'; token: string }
  | { kind: 'session'; sessionId: string } // to be exchanged, once, for an embed token

export interface Options {
  scheme?: 'light' | 'dark' | 'system'
  hidden: Set<string> // parts of the header that the address switches off
  allowExport: boolean
  locale?: string
  timezone?: string
  filters: FilterParameter[]
}

export interface FilterParameter {
  table: string
  dimension: string
  operator?: string
  values: unknown[]
}

export interface Address {
  front: 'share' | 'cube' | 'view'
  dashboard: string
  credential: Credential
  options: Options
}

const SECRETS = ['jwt', 'session', 'sessionId', 'token', 'dbAuthToken']

/** Reads a page's address; undefined when it is not one of a dashboard. */
export function readAddress(href: string): Address | undefined {
  const url = new URL(href)
  const match = /\/(share\/dashboard|embed\/dashboard|embed\/view)\/([^/]+)\/?$/.exec(url.pathname)
  const dashboard = decode(match?.[2])
  if (!match || !dashboard) return undefined
  const fragment = new URLSearchParams(url.hash.replace(/^#/, ''))
  const given = (name: string) => url.searchParams.get(name) || fragment.get(name) || undefined
  const front = match[1] === 'share/dashboard' ? 'share' : match[1] === 'embed/dashboard' ? 'cube' : 'view'
  return { front, dashboard, credential: credentialOf(given), options: readOptions(url.searchParams) }
}

function decode(segment: string | undefined): string | undefined {
  try {
    return segment === undefined ? undefined : decodeURIComponent(segment)
  } catch {
    return undefined
  }
}

function credentialOf(given: (name: string) => string | undefined): Credential {
  const session = given('session') ?? given('sessionId')
  const token = given('jwt') ?? given('token')
  if (session) return { kind: 'session', sessionId: session }
  if (token) return { kind: 'bearer', token }
  return { kind: 'cookie' }
}

/** The same address without any credential. */
export function withoutSecrets(href: string): string {
  const url = new URL(href)
  const fragment = new URLSearchParams(url.hash.replace(/^#/, ''))
  for (const name of SECRETS) {
    url.searchParams.delete(name)
    fragment.delete(name)
  }
  const rest = fragment.toString().replace(/=(?=&|$)/g, '')
  return url.pathname + url.search + (rest ? `#${rest}` : '')
}

const SWITCHES = ['Header', 'Title', 'BackButton', 'EditButton', 'DuplicateButton', 'ExportMenu']

export function readOptions(parameters: URLSearchParams): Options {
  const theme = parameters.get('theme')
  const filters: FilterParameter[] = []
  for (const [name, value] of parameters) {
    const filter = readFilter(name, value)
    if (filter) filters.push(filter)
  }
  return {
    scheme: theme === 'dark' || theme === 'light' || theme === 'system' ? theme : undefined,
    hidden: new Set(SWITCHES.filter((part) => parameters.get(`showDashboard${part}`) === 'false')),
    allowExport: parameters.get('allowExport') === 'true',
    locale: localeOf(parameters.get('locale')),
    timezone: timezoneOf(parameters.get('timezone')),
    filters,
  }
}

export function localeOf(text: string | null | undefined): string | undefined {
  try {
    return text ? Intl.getCanonicalLocales(text)[0] : undefined
  } catch {
    return undefined
  }
}

export function timezoneOf(text: string | null | undefined): string | undefined {
  try {
    return text ? new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone : undefined
  } catch {
    return undefined
  }
}

// Cube's names of operators and ours.
const OPERATORS: Record<string, string> = {
  equals: 'equals', notEquals: 'notEquals', contains: 'include', notContains: 'doesNotInclude', startsWith: 'startsWith',
  endsWith: 'endsWith', gt: 'greaterThan', gte: 'greaterThanOrEqual', lt: 'lessThan', lte: 'lessThanOrEqual',
  set: 'notNull', notSet: 'isNull', inDateRange: 'inBetween', onTheDate: 'equals', beforeDate: 'lessThan',
  beforeOrOnDate: 'lessThanOrEqual', afterDate: 'greaterThan', afterOrOnDate: 'greaterThanOrEqual',
}

/** One `f_<view>.<dimension>=<JSON>` parameter; undefined for every other name and for values that make no sense. */
export function readFilter(name: string, text: string): FilterParameter | undefined {
  const match = /^f_([A-Za-z0-9_]+)\.([A-Za-z0-9_]+)$/.exec(name)
  if (!match?.[1] || !match[2]) return undefined
  const given = parse(text)
  const wrapped = typeof given === 'object' && given !== null && !Array.isArray(given)
  const { value, values, operator } = (wrapped ? given : { value: given }) as { value?: unknown; values?: unknown; operator?: unknown }
  if (operator !== undefined && (typeof operator !== 'string' || !Object.hasOwn(OPERATORS, operator))) return undefined
  const list = (Array.isArray(value ?? values) ? (value ?? values) : [value ?? values]) as unknown[]
  const plain = list.filter((v) => ['string', 'number', 'boolean'].includes(typeof v))
  const valueless = operator === 'set' || operator === 'notSet'
  if (plain.length !== list.length && !valueless) return undefined
  return { table: match[1], dimension: match[2], operator: operator === undefined ? undefined : OPERATORS[operator as string], values: plain }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** The filters in a text such as `f_orders.status={"value":"new"}&f_orders.region=…`, as a host may post it. */
export function readFilterText(text: string): FilterParameter[] {
  const parameters = new URLSearchParams(text.replace(/^\?/, ''))
  return [...parameters].flatMap(([name, value]) => readFilter(name, value) ?? [])
}
