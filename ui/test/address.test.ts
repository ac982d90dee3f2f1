import { describe, expect, test } from 'vitest'
import { readTheme } from '../src/theme'
import { readAddress, readFilter, readFilterText, withoutSecrets } from '../src/address'

const at = (path: string) => readAddress(`https://inlay.example${path}`)

describe('addresses', () => {
  test('of Upsolve carry a token in the query or the fragment', () => {
    expect(at('/share/dashboard/d1?theme=dark&jwt=a.b.c')).toMatchObject({ front: 'share', dashboard: 'd1', credential: { kind: 'bearer', token: 'a.b.c' }, options: { scheme: 'dark' } })
    expect(at('/share/dashboard/d1#jwt=a.b.c')).toMatchObject({ credential: { kind: 'bearer', token: 'a.b.c' } })
  })
  test('of Cube carry a session to exchange', () => expect(at('/embed/dashboard/pub?session=s1')).toMatchObject({ front: 'cube', dashboard: 'pub', credential: { kind: 'session', sessionId: 's1' } }))
  test('without any credential rely on the cookie', () => expect(at('/embed/view/sales%20q1')).toMatchObject({ front: 'view', dashboard: 'sales q1', credential: { kind: 'cookie' } }))
  test('below a base path are understood', () => expect(at('/analytics/embed/view/d')?.dashboard).toBe('d'))
  test.each(['/', '/embed/chat?sessionId=s', '/embed/dashboard/', '/share/dashboard/a/b', '/embed/view/%zz'])('%s is none of a dashboard', (path) => expect(at(path)).toBeUndefined())
})

describe('H114 credentials in addresses', () => {
  test.each([
    ['/share/dashboard/d?theme=dark&jwt=SECRET', '/share/dashboard/d?theme=dark'],
    ['/share/dashboard/d#jwt=SECRET', '/share/dashboard/d'],
    ['/share/dashboard/d?jwt=SECRET&jwt=SECRET&dbAuthToken=SECRET', '/share/dashboard/d'],
    ['/embed/dashboard/p?session=SECRET&f_orders.region=%22x%22#top', '/embed/dashboard/p?f_orders.region=%22x%22#top'],
    ['/embed/chat?sessionId=SECRET', '/embed/chat'],
  ])('%s becomes %s', (from, to) => expect(withoutSecrets(`https://inlay.example${from}`)).toBe(to))
})

describe('parameters', () => {
  test('switch parts of the header off by the literal false only', () => {
    expect([...(at('/embed/view/d?showDashboardTitle=false&showDashboardHeader=0&showDashboardBackButton=FALSE&showNothing=false')?.options.hidden ?? [])]).toEqual(['Title'])
  })
  test('take locales and zones that exist and ignore others', () => {
    expect(at('/embed/view/d?locale=de-de&timezone=europe/berlin')?.options).toMatchObject({ locale: 'de-DE', timezone: 'Europe/Berlin' })
    expect(at('/embed/view/d?locale=%00&timezone=Mars/Base&theme=neon')?.options).toMatchObject({ locale: undefined, timezone: undefined, scheme: undefined })
  })
  test('set filters', () => {
    expect(readFilter('f_orders.country', '{"value":"USA"}')).toEqual({ table: 'orders', dimension: 'country', operator: undefined, values: ['USA'] })
    expect(readFilter('f_orders.country', '{"value":["USA","FR"],"operator":"notEquals"}')).toMatchObject({ operator: 'notEquals', values: ['USA', 'FR'] })
    expect(readFilter('f_orders.amount', '{"value":10,"operator":"gt"}')).toMatchObject({ operator: 'greaterThan', values: [10] })
    expect(readFilter('f_orders.country', 'USA')).toMatchObject({ values: ['USA'] })
    expect(readFilter('f_orders.country', '{"operator":"notSet"}')).toMatchObject({ operator: 'isNull', values: [] })
  })
  test.each([['f_orders', '"x"'], ['g_orders.a', '"x"'], ['f_orders.a.b', '"x"'], ['f_orders.a', '{"value":{"x":1}}'], ['f_orders.a', '{"value":"x","operator":"constructor"}'], ['f_orders.a', '{}'], ['f_a-b.c', '1']])('%s=%s is ignored', (name, text) => expect(readFilter(name, text)).toBeUndefined())
  test('may come as one text', () => expect(readFilterText('f_o.a={"value":"x y"}&junk=1&f_o.b=%7B%22value%22%3A2%7D').map((f) => [f.dimension, f.values])).toEqual([['a', ['x y']], ['b', [2]]]))
})

describe('H118 options', () => {
  test('reach no prototype', () => {
    const found = readAddress('https://x.test/embed/view/d?f___proto__.polluted="x"&f_constructor.prototype="x"&__proto__[polluted]=1&theme=__proto__&locale=__proto__')
    readTheme(JSON.parse('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"primaryColor":"#fff"}'))
    expect(found).toBeDefined()
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })
})
