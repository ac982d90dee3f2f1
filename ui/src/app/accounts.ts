// What the pages ask about accounts. It is apart from the rest of the API, which the embedded dashboard carries too.

import type { Api } from '../api'
import type { User } from '../wire'

/** The ways in: "email" for passwords, else the name of a login provider. */
export function waysIn(api: Api): Promise<string[]> {
  return api.call<{ showOptions: string[] }>('GET', '/api/v1/user/login-options').then((o) => o.showOptions)
}

/** Where a login at a provider begins. */
export function providerAddress(provider: string, options: { redirect?: string; inviteCode?: string }): string {
  const query = new URLSearchParams(Object.entries(options).filter(([, value]) => value) as [string, string][])
  return `/api/v1/login/${encodeURIComponent(provider)}${query.size ? `?${query}` : ''}`
}

/** What went wrong at a login provider, told once. */
export function flash(api: Api): Promise<string> {
  return api.call<{ error?: string[] }>('GET', '/api/v1/flash').then((f) => (f.error ?? []).join(' '))
}

export function unfounded(api: Api): Promise<boolean> {
  return api.call<{ requiresOrgRegistration: boolean }>('GET', '/api/v1/health').then((h) => h.requiresOrgRegistration)
}

export type Registration = { firstName: string; lastName: string; password: string } & ({ inviteCode: string } | { email: string; setupToken: string })

export function register(api: Api, r: Registration): Promise<User> {
  return api.call('POST', '/api/v1/user', r)
}

export function foundOrganization(api: Api, name: string): Promise<unknown> {
  return api.call('PUT', '/api/v1/org', { name })
}

export function invite(api: Api, code: string): Promise<{ email: string }> {
  return api.call('GET', `/api/v1/invite-links/${encodeURIComponent(code)}`)
}

export function askReset(api: Api, email: string): Promise<unknown> {
  return api.call('POST', '/api/v1/password-reset', { email })
}

export function checkReset(api: Api, code: string): Promise<unknown> {
  return api.call('GET', `/api/v1/password-reset/${encodeURIComponent(code)}`)
}

export function resetPassword(api: Api, code: string, newPassword: string): Promise<unknown> {
  return api.call('POST', '/api/v1/user/password/reset', { code, newPassword })
}

export interface Member {
  userUuid: string
  email: string
  firstName: string
  lastName: string
  role: string
  isPending?: boolean
  isInviteExpired?: boolean
}

export function members(api: Api): Promise<Member[]> {
  return api.call<{ data: Member[] }>('GET', '/api/v1/org/users').then((page) => page.data)
}

export function setRole(api: Api, user: string, role: string): Promise<unknown> {
  return api.call('PATCH', `/api/v1/org/users/${encodeURIComponent(user)}`, { role })
}

export function removeMember(api: Api, user: string): Promise<unknown> {
  return api.call('DELETE', `/api/v1/org/user/${encodeURIComponent(user)}`)
}

const INVITE_DAYS = 7

export function inviteMember(api: Api, email: string, role: string): Promise<{ inviteUrl: string }> {
  return api.call('POST', '/api/v1/invite-links', { email, role, expiresAt: new Date(Date.now() + INVITE_DAYS * 86_400_000).toISOString() })
}

export interface UnsentMail {
  to: string
  subject: string
  text?: string
  error?: string
  createdAt: string
}

export function unsentMail(api: Api): Promise<UnsentMail[]> {
  return api.call('GET', '/api/v1/inlay/mail/unsent')
}
