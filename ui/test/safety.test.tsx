import { h, type ComponentChildren, type VNode } from 'preact'
import { describe, expect, test } from 'vitest'
import { localPath, safeLink } from '../src/links'
import { decodeEntities, Markdown } from '../src/markdown'
import { readTheme } from '../src/theme'

interface Node { tag: string; props: Record<string, unknown>; children: (Node | string)[] }

/** Runs the components and gives the elements that would be made. */
function elements(tree: ComponentChildren): (Node | string)[] {
  if (Array.isArray(tree)) return tree.flatMap((c) => elements(c as ComponentChildren))
  if (tree === null || tree === undefined || typeof tree === 'boolean') return []
  if (typeof tree !== 'object') return [String(tree)]
  const { type, props } = tree as VNode<Record<string, unknown>>
  if (typeof type === 'function') return elements((type as (p: unknown) => ComponentChildren)(props))
  const { children, ...rest } = props
  return [{ tag: type as string, props: rest, children: elements(children as ComponentChildren) }]
}

const flat = (nodes: (Node | string)[]): Node[] => nodes.flatMap((n) => (typeof n === 'string' ? [] : [n, ...flat(n.children)]))
const texts = (nodes: (Node | string)[]): string => nodes.map((n) => (typeof n === 'string' ? n : texts(n.children))).join('')
const render = (text: string) => elements(h(Markdown, { text }))

const CORPUS = [
  '<script>alert(1)</script>', '<img src=x onerror=alert(1)>', '<svg onload=alert(1)>', '<a href="javascript:alert(1)">x</a>', '<iframe srcdoc="<script>alert(1)</script>">',
  '<style>*{background:url(https://evil)}</style>', '<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>', '<!--><img src=x onerror=alert(1)>-->', '<base href="https://evil/">',
  '[x](javascript:alert(1))', '[x](JaVaScRiPt:alert(1))', '[x](java\tscript:alert(1))', '[x](java&#10;script:alert(1))', '[x](&#106;avascript:alert(1))', '[x](\u0001javascript:alert(1))', '[x](vbscript:msgbox(1))',
  '[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)', '[x](data:image/svg+xml,<svg onload=alert(1)>)', '![x](javascript:alert(1))', '![x](https://evil/pixel.png)', '<javascript:alert(1)>', '[x](//evil.example)', '[x](/logout)', '[x](\\\\evil)', '[x](file:///etc/passwd)', '[x](blob:https://a/b)',
  '[x](https://a" onclick="alert(1))', '[x](https://a\' onmouseover=\'alert(1))', '**<b onclick=alert(1)>x</b>**', '`<script>`', '```html\n<script>alert(1)</script>\n```', '&lt;script&gt;alert(1)&lt;/script&gt;', '&amp;lt;img src=x onerror=alert(1)&amp;gt;',
  '> > > > > > > > > > > > <img src=x>', '| <img src=x onerror=alert(1)> | b |\n|---|---|\n| [x](javascript:1) | c |', '# <img src=x onerror=alert(1)>', '- <img src=x onerror=alert(1)>', '{{constructor.constructor("alert(1)")()}}', '${alert(1)}', '__proto__', '[__proto__](constructor)',
]

const TAGS = new Set(['div', 'h3', 'h4', 'h5', 'h6', 'p', 'blockquote', 'ol', 'ul', 'li', 'pre', 'code', 'hr', 'table', 'thead', 'tbody', 'tr', 'th', 'td', 'strong', 'em', 'del', 'a', 'br'])
const PROPS = new Set(['class', 'href', 'target', 'rel', 'start'])

describe('H110 hostile text in a markdown tile', () => {
  test.each(CORPUS)('%s', (text) => {
    for (const node of flat(render(text))) {
      expect(TAGS).toContain(node.tag)
      for (const name of Object.keys(node.props)) expect(PROPS).toContain(name)
      if (node.tag === 'a') expect(node.props['href']).toMatch(/^(https?:\/\/|mailto:)/)
      if (node.tag === 'a') expect(node.props['rel']).toContain('noopener')
    }
  })

  test('is shown as the text it is', () => expect(texts(render('a <img src=x onerror=alert(1)> b'))).toBe('a <img src=x onerror=alert(1)> b'))
  test('is decoded once, not again', () => expect(decodeEntities('&amp;lt;b&amp;gt; &lt;i&gt;')).toBe('&lt;b&gt; <i>'))

  test.each([
    ['many stars', '*'.repeat(20_000)], ['many brackets', '['.repeat(20_000)], ['open links', '[a]('.repeat(5_000)], ['underscores', '__a '.repeat(5_000)], ['quotes', '>'.repeat(20_000)], ['backticks', '`'.repeat(20_000)], ['pipes', `${'|'.repeat(20_000)}\n|-|`], ['dashes', '- '.repeat(10_000)],
  ])('does not stall on %s', (_, text) => {
    const start = performance.now()
    render(text)
    expect(performance.now() - start).toBeLessThan(1500)
  })
})

describe('markdown', () => {
  test('knows the small grammar that notes need', () => {
    const nodes = flat(render('## Head\n\nA **b** *c* `d` ~~e~~ [f](https://x.example/y) https://z.example\n\n- one\n- two\n\n3. three\n\n> quote\n\n---\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```\ncode\n```'))
    for (const tag of ['h4', 'p', 'strong', 'em', 'code', 'del', 'a', 'ul', 'ol', 'blockquote', 'hr', 'table', 'pre']) expect(nodes.map((n) => n.tag)).toContain(tag)
    expect(nodes.filter((n) => n.tag === 'a').map((n) => n.props['href'])).toEqual(['https://x.example/y', 'https://z.example/'])
  })
  test('reads texts that were saved with entities', () => expect(flat(render('&gt; we want to')).map((n) => n.tag)).toContain('blockquote'))
  test('leaves names with underscores alone', () => expect(texts(render('use order_id and customer_id'))).toBe('use order_id and customer_id'))
})

describe('links', () => {
  test.each(['https://a.example/x?y#z', 'http://a.example', 'mailto:me@a.example'])('%s is one', (a) => expect(safeLink(a)).toBeDefined())
  test.each(['javascript:alert(1)', ' java\nscript:alert(1)', 'data:text/html,x', '//a', '/a', 'a', '', 'https:', 'https:/a', 'ftp://a', 'HTTPS:evil', 'https://', 'https://a b'])('%j is not', (a) => {
    const link = safeLink(a)
    if (link !== undefined) expect(link).toMatch(/^https:\/\/ab\/$/)
  })
})

describe('H115 where signing in leads to', () => {
  test.each([['/', '/'], ['/projects/p/dashboards/d?x=1#y', '/projects/p/dashboards/d?x=1#y']])('%s stays', (next, to) => expect(localPath(next, 'https://inlay.example')).toBe(to))
  test.each([null, '', 'https://evil.example', '//evil.example', '/\\evil.example', '\\/evil', 'https:evil', 'javascript:alert(1)', '/\t/evil.example', '/\n/evil', '/..//evil.example', '/a/..//evil', '/%2e%2e//evil', ' //evil'])('%j does not leave the server', (next) => expect(localPath(next, 'https://inlay.example')).toBe('/'))
})

describe('themes from outside', () => {
  test('give colours, a font and a radius', () => {
    expect(readTheme({ primaryColor: '#7b3fe4', font: 'Inter, Georgia', borderRadius: 4 }).variables).toEqual({ '--accent': '#7b3fe4', '--font': '"Inter", "Georgia", system-ui, sans-serif', '--radius': '4px' })
  })
  test.each([
    { primaryColor: 'red;background:url(https://evil)' }, { primaryColor: 'url(https://evil)' }, { font: 'x;} body{display:none' }, { font: 'url(https://evil)' }, { font: 'a\\22' }, { borderRadius: 'calc(1px * 99999)' }, { borderRadius: '1px; color: red' }, { primaryColor: { toString: 'x' } }, JSON.parse('{"__proto__": {"primaryColor": "red"}}') as Record<string, unknown>,
  ])('%j gives nothing', (theme) => expect(readTheme(theme).variables).toEqual({}))
  test('may be missing or wrong', () => {
    for (const theme of [null, undefined, 'dark' as unknown as Record<string, unknown>]) expect(readTheme(theme).variables).toEqual({})
  })
})
