// What the page of tenants asks.

import type { Api } from '../api'

export const PAGE = 25

export interface Tenant {
  id: string
  front: string
  name: string
  policy: { prefilters?: Record<string, unknown>; schema?: string; connection?: string; unfiltered?: boolean }
  suspended: boolean
  createdAt: string
}

/** A page of them by name; a full one may have a next. */
export function tenants(api: Api, search: string, page: number): Promise<Tenant[]> {
  const query = new URLSearchParams({ page: String(page), pageSize: String(PAGE) })
  if (search) query.set('search', search)
  return api.call('GET', `${PATH}?${query}`)
}

const PATH = '/api/v1/inlay/embedding/tenants'
const of = (tenant: string) => `${PATH}/${encodeURIComponent(tenant)}`

export interface Key {
  id: string
  name: string
  front: string
  revokedAt: string | null
}

/** The keys that can register a tenant. */
export function registeringKeys(api: Api): Promise<Key[]> {
  return api.call<Key[]>('GET', '/api/v1/inlay/embedding/keys').then((all) => all.filter((k) => k.front === 'upsolve' && !k.revokedAt))
}

export function createTenant(api: Api, keyId: string, name: string, prefilters: Record<string, unknown>): Promise<{ tenant: Tenant; token: string }> {
  return api.call('POST', PATH, { keyId, name, prefilters })
}

export function suspend(api: Api, tenant: string, suspended: boolean): Promise<unknown> {
  return api.call('PATCH', of(tenant), { suspended })
}

/** Ends its sessions and tokens; its product may ask for new ones. */
export function rotate(api: Api, tenant: string): Promise<unknown> {
  return api.call('POST', '/api/v1/inlay/revoke', { level: 'tenant', target: tenant })
}

export function removeTenant(api: Api, tenant: string): Promise<unknown> {
  return api.call('DELETE', of(tenant))
}

/** Filters that were typed, one a line: column = value, or column = value, value. Gives the line that isn't one. */
export function readFilters(text: string): Record<string, unknown> | string {
  const filters: Record<string, unknown> = {}
  for (const line of text.split('\n').filter((l) => l.trim())) {
    const [column = '', ...rest] = line.split('=')
    const values = rest.join('=').split(',').map((v) => v.trim()).filter(Boolean)
    if (!column.trim() || values.length === 0) return line.trim()
    filters[column.trim()] = values.length === 1 ? values[0] : values
  }
  return filters
}

/** What a tenant is confined to, in a line. */
export function confinement({ policy: p }: Tenant): string {
  const filters = Object.entries(p.prefilters ?? {}).map(([column, value]) => `${column} = ${Array.isArray(value) ? value.join(', ') : String(value ?? 'none')}`)
  const all = [...filters, p.schema && `schema ${p.schema}`, p.connection && 'a connection of its own', p.unfiltered && 'all rows'].filter(Boolean)
  return all.join(' · ') || 'by each session'
}
