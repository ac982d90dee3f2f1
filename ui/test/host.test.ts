import { describe, expect, test } from 'vitest'
import { connectHost, hostOrigin, readAction, type Action } from '../src/host'

/** A window inside another, as far as messages need one. */
function framed() {
  const listeners = new Set<(e: unknown) => void>()
  const sent: { message: Record<string, unknown>; to: string }[] = []
  const parent = { postMessage: (message: Record<string, unknown>, to: string) => sent.push({ message, to }) }
  const window = { parent, addEventListener: (_: string, l: (e: unknown) => void) => listeners.add(l), removeEventListener: (_: string, l: (e: unknown) => void) => listeners.delete(l) }
  return { window: window as unknown as Window, parent, sent, receive: (e: object) => listeners.forEach((l) => l(e)) }
}

const refresh = { source: 'cube-embed', direction: 'action', type: 'cube:action:refresh', payload: {} }

describe('H113 messages', () => {
  test('go to the exact origin of the parent, in the dialect of the address', () => {
    const { window, sent } = framed()
    connectHost(window, 'cube', 'https://app.example').emit('ready', { publicId: 'p' })
    expect(sent).toEqual([{ to: 'https://app.example', message: { source: 'cube-embed', direction: 'event', type: 'cube:event:ready', surface: 'dashboard', payload: { publicId: 'p' }, timestamp: expect.any(Number) as number } }])
  })
  test('are not sent at all when the origin is unknown', () => {
    const { window, sent } = framed()
    connectHost(window, 'inlay', undefined).emit('ready', {})
    expect(sent).toEqual([])
  })
  test('are heard from the parent window and its origin only', () => {
    const { window, parent, receive } = framed()
    const heard: Action[] = []
    const stop = connectHost(window, 'cube', 'https://app.example').listen((a) => heard.push(a))
    receive({ source: {}, origin: 'https://app.example', data: refresh })
    receive({ source: parent, origin: 'https://evil.example', data: refresh })
    receive({ source: parent, origin: 'null', data: refresh })
    expect(heard).toEqual([])
    receive({ source: parent, origin: 'https://app.example', data: refresh })
    stop()
    receive({ source: parent, origin: 'https://app.example', data: refresh })
    expect(heard).toEqual([{ type: 'refresh' }])
  })
})

describe('the parent', () => {
  test('is the nearest ancestor, else the referrer, else the only one allowed', () => {
    expect(hostOrigin(['https://a.example', 'https://top.example'], '', [])).toBe('https://a.example')
    expect(hostOrigin(undefined, 'https://b.example/page?x', [])).toBe('https://b.example')
    expect(hostOrigin(undefined, '', ['https://c.example'])).toBe('https://c.example')
    expect(hostOrigin(undefined, '', [])).toBeUndefined()
  })
  test('must be on the list when there is one', () => {
    expect(hostOrigin(['https://evil.example'], '', ['https://a.example'])).toBeUndefined()
    expect(hostOrigin(['null'], 'about:blank', [])).toBeUndefined()
  })
})

describe('actions', () => {
  const action = (type: string, payload: unknown, source = 'cube-embed') => readAction({ source, direction: 'action', type, payload })
  test.each([
    ['cube:action:set-color-scheme', { scheme: 'dark' }, { type: 'set-color-scheme', scheme: 'dark' }],
    ['cube:action:set-theme', { primaryColor: '#123456' }, { type: 'set-theme', theme: { primaryColor: '#123456' } }],
    ['cube:action:set-locale', { locale: 'fr' }, { type: 'set-locale', locale: 'fr' }],
    ['cube:action:set-filter', { filterUrlParameter: 'f_orders.status={"value":"new"}' }, { type: 'set-filter', filters: [{ table: 'orders', dimension: 'status', operator: undefined, values: ['new'] }] }],
    ['cube:action:set-session', { sessionId: 's' }, { type: 'set-session', sessionId: 's' }],
  ])('%s is understood', (type, payload, result) => expect(action(type, payload)).toEqual(result))
  test('in our own dialect too', () => expect(action('inlay:action:set-token', { token: 't' }, 'inlay-embed')).toEqual({ type: 'set-token', token: 't' }))
  test.each([
    [null], ['text'], [42], [{}], [[]], [{ ...refresh, direction: 'event' }], [{ ...refresh, source: 'inlay-embed' }], [{ ...refresh, type: 'cube:action:eval' }], [{ ...refresh, type: 'cube:action:constructor' }],
    [{ ...refresh, type: 'cube:action:set-locale', payload: { locale: '<script>' } }], [{ ...refresh, type: 'cube:action:set-token', payload: { token: 1 } }], [{ ...refresh, type: 'cube:action:set-color-scheme', payload: { scheme: 'url(x)' } }], [{ ...refresh, type: 'cube:action:navigate', payload: { path: '//evil' } }],
  ])('%j is none', (data) => expect(readAction(data)).toBeUndefined())
})
