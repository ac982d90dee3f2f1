import { describe, expect, test } from 'vitest'
import { Api, ApiError } from '../src/api'
import { place, tilesOf } from '../src/dashboard/layout'
import { noticeOf } from '../src/states'
import type { Dashboard, Tile } from '../src/wire'

function server(...answers: [status: number, body: unknown][]) {
  const calls: { path: string; init: RequestInit; headers: Record<string, string> }[] = []
  const fetch = (path: string, init: RequestInit) => {
    calls.push({ path, init, headers: init.headers as Record<string, string> })
    const [status, body] = answers[Math.min(calls.length, answers.length) - 1] ?? [200, { status: 'ok' }]
    return Promise.resolve(new Response(typeof body === 'string' ? body : JSON.stringify(body), { status }))
  }
  return { api: new Api(fetch), calls }
}

const OK: [number, unknown] = [200, { status: 'ok', results: { dashboardUuid: 'd' } }]

describe('credentials', () => {
  test('of a cookie send no header of their own', async () => {
    const { api, calls } = server(OK)
    await api.view('a/b')
    expect(calls[0]).toMatchObject({ path: '/api/v1/inlay/view/a%2Fb', init: { credentials: 'same-origin' } })
    expect(calls[0]?.headers['Authorization']).toBeUndefined()
  })
  test('of a token leave cookies out, so that nobody signed in here is mixed in', async () => {
    const { api, calls } = server(OK)
    await api.use({ kind: 'bearer', token: 'T' })
    await api.view('d')
    expect(calls[0]).toMatchObject({ init: { credentials: 'omit', referrerPolicy: 'no-referrer' }, headers: { Authorization: 'Bearer T' } })
    expect(calls[0]?.path).not.toContain('T')
  })
  test('of a session are exchanged once', async () => {
    const { api, calls } = server([200, { token: 'E' }], OK)
    await api.use({ kind: 'session', sessionId: 'S' })
    await api.view('d')
    await api.view('d')
    expect(calls.map((c) => [c.path, c.headers['Authorization']])).toEqual([['/api/v1/embed/session/token', undefined], ['/api/v1/inlay/view/d', 'Embed-Token E'], ['/api/v1/inlay/view/d', 'Embed-Token E']])
    expect(calls[0]?.init.body).toBe('{"sessionId":"S"}')
  })
  test('are replaced under a running page, which hears of it', async () => {
    const { api, calls } = server(OK)
    let heard = 0
    const stop = api.onRenewed(() => heard++)
    await api.use({ kind: 'bearer', token: 'A' })
    await api.use({ kind: 'bearer', token: 'B' })
    stop()
    await api.use({ kind: 'bearer', token: 'C' })
    await api.view('d')
    expect([heard, calls[0]?.headers['Authorization']]).toEqual([2, 'Bearer C'])
  })
})

describe('failures', () => {
  test.each([
    [401, 'Unauthorized', 'expired'], [403, { error: {} }, 'forbidden'], [404, { error: {} }, 'missing'], [400, { error: { message: 'Unknown column' } }, 'refused'],
    [422, {}, 'refused'], [429, '', 'busy'], [500, '<html>', 'broken'], [502, '', 'broken'],
  ])('a %d is told as what a person can do about it', async (status, body, problem) => {
    const { api } = server([status, body])
    const error: unknown = await api.view('d').catch((e: unknown) => e)
    expect(error).toBeInstanceOf(ApiError)
    expect(noticeOf(error).problem).toBe(problem)
    expect(noticeOf(error).title.length * noticeOf(error).hint.length).toBeGreaterThan(0)
  })
  test('of the server keep their trace but not their words', async () => {
    const { api } = server([500, { error: { message: 'pq: relation "secret" does not exist', id: 'trace-1' } }])
    expect(noticeOf(await api.view('d').catch((e: unknown) => e)).hint).toMatch(/^Try again\..*\(trace-1\)$/)
  })
  test('of the network are told apart from being cancelled', async () => {
    const api = new Api(() => Promise.reject(new TypeError('failed')))
    expect(noticeOf(await api.view('d').catch((e: unknown) => e)).problem).toBe('offline')
  })
})

describe('the grid', () => {
  const tile = (uuid: string, x: number, y: number, w: number, h: number, tabUuid?: string): Tile => ({ uuid, type: 'markdown', x, y, w, h, tabUuid, properties: {} })
  test('closes rows that nobody uses and keeps tiles apart', () => {
    const placed = place([tile('b', 0, 9, 36, 3), tile('a', 0, 2, 18, 4), tile('c', 10, 2, 18, 4)])
    expect(placed.map((p) => [p.tile.uuid, p.x, p.y])).toEqual([['a', 0, 0], ['c', 10, 4], ['b', 0, 8]])
  })
  test('survives sizes that make no sense', () => expect(place([tile('a', 50, -3, 99, 0), tile('b', NaN, 0, -1, 2)]).every((p) => p.x >= 0 && p.x + p.w <= 36 && p.h >= 1)).toBe(true))
  test('gives tiles without a tab to the first', () => {
    const tabs = [{ uuid: 't1', name: '', order: 0 }, { uuid: 't2', name: '', order: 1 }]
    const dashboard = { tiles: [tile('a', 0, 0, 1, 1), tile('b', 0, 0, 1, 1, 't2'), tile('c', 0, 0, 1, 1, 'gone')] } as Dashboard
    expect(tilesOf(dashboard, tabs, 't1').map((t) => t.uuid)).toEqual(['a', 'c'])
  })
})
