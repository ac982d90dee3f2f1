// Markdown as nodes. The text never becomes HTML: whatever is not in this small grammar is shown as it was written.

import type { ComponentChildren, JSX } from 'preact'
import { safeLink } from './links'

type Block =
  | { kind: 'heading'; level: number; text: string }
  | { kind: 'paragraph'; text: string }
  | { kind: 'quote'; blocks: Block[] }
  | { kind: 'list'; ordered: boolean; start: number; items: string[] }
  | { kind: 'code'; text: string }
  | { kind: 'rule' }
  | { kind: 'table'; head: string[]; rows: string[][] }

const MAX_DEPTH = 8

export function Markdown({ text }: { text: string }): JSX.Element {
  return <div class="markdown">{parseBlocks(decodeEntities(text.slice(0, 100_000))).map(renderBlock)}</div>
}

/** Saved texts carry these few entities; they are decoded once, before anything is parsed, and stay text. */
export function decodeEntities(text: string): string {
  const known: Record<string, string> = { '&gt;': '>', '&lt;': '<', '&quot;': '"', '&#39;': "'", '&nbsp;': ' ', '&amp;': '&' }
  return text.replace(/&(?:gt|lt|quot|#39|nbsp|amp);/g, (entity) => known[entity] ?? entity)
}

export function parseBlocks(text: string, depth = 0): Block[] {
  const lines = text.replace(/\r\n?/g, '\n').split('\n')
  const blocks: Block[] = []
  let at = 0
  const take = (pattern: RegExp) => {
    const taken: string[] = []
    while (at < lines.length && pattern.test(lines[at] ?? '')) taken.push(lines[at++] ?? '')
    return taken
  }
  while (at < lines.length) {
    const line = lines[at] ?? ''
    const heading = /^(#{1,6})\s+(.*?)\s*#*\s*$/.exec(line)
    if (line.trim() === '') at++
    else if (heading) {
      blocks.push({ kind: 'heading', level: (heading[1] ?? '#').length, text: heading[2] ?? '' })
      at++
    } else if (/^\s*```/.test(line)) {
      at++
      const code = take(/^(?!\s*```)/)
      at++
      blocks.push({ kind: 'code', text: code.join('\n') })
    } else if (/^\s*([-*_])(\s*\1){2,}\s*$/.test(line)) {
      blocks.push({ kind: 'rule' })
      at++
    } else if (/^\s*>/.test(line) && depth < MAX_DEPTH) {
      const inner = take(/^\s*>/).map((l) => l.replace(/^\s*>\s?/, ''))
      blocks.push({ kind: 'quote', blocks: parseBlocks(inner.join('\n'), depth + 1) })
    } else if (/^\s*[-*+]\s+/.test(line)) {
      blocks.push({ kind: 'list', ordered: false, start: 1, items: take(/^\s*[-*+]\s+/).map((l) => l.replace(/^\s*[-*+]\s+/, '')) })
    } else if (/^\s*\d{1,9}[.)]\s+/.test(line)) {
      blocks.push({ kind: 'list', ordered: true, start: parseInt(line, 10), items: take(/^\s*\d{1,9}[.)]\s+/).map((l) => l.replace(/^\s*\d{1,9}[.)]\s+/, '')) })
    } else if (/^\s*\|.*\|\s*$/.test(line) && /^\s*\|?[\s:|-]+\|[\s:|-]*$/.test(lines[at + 1] ?? '')) {
      const [head, , ...rows] = take(/^\s*\|.*\|\s*$/).map(cells)
      blocks.push({ kind: 'table', head: head ?? [], rows })
    } else {
      const first = lines[at++] ?? ''
      const rest = take(/^(?!\s*$|#{1,6}\s|\s*```|\s*>|\s*[-*+]\s|\s*\d{1,9}[.)]\s)/)
      blocks.push({ kind: 'paragraph', text: [first, ...rest].join('\n').trim() })
    }
  }
  return blocks
}

function cells(line: string): string[] {
  return line.trim().replace(/^\||\|$/g, '').split('|').map((c) => c.trim())
}

function renderBlock(block: Block, key: number): JSX.Element {
  switch (block.kind) {
    case 'heading': {
      // The tile's own title is an h2, so headings inside begin below it.
      const Tag = `h${Math.min(block.level + 2, 6)}` as 'h3'
      return <Tag key={key} class={`h-${block.level}`}>{inline(block.text)}</Tag>
    }
    case 'paragraph':
      return <p key={key}>{inline(block.text)}</p>
    case 'quote':
      return <blockquote key={key}>{block.blocks.map(renderBlock)}</blockquote>
    case 'list': {
      const items = block.items.map((item, i) => <li key={i}>{inline(item)}</li>)
      return block.ordered ? <ol key={key} start={block.start}>{items}</ol> : <ul key={key}>{items}</ul>
    }
    case 'code':
      return <pre key={key}><code>{block.text}</code></pre>
    case 'rule':
      return <hr key={key} />
    case 'table':
      return (
        <table key={key}>
          <thead><tr>{block.head.map((c, i) => <th key={i}>{inline(c)}</th>)}</tr></thead>
          <tbody>{block.rows.map((row, r) => <tr key={r}>{row.map((c, i) => <td key={i}>{inline(c)}</td>)}</tr>)}</tbody>
        </table>
      )
  }
}

// Every repetition is bounded, so that no text takes more than linear time.
const INLINE = /`([^`\n]{1,2000})`|\*\*([^*\n]{1,2000}?)\*\*|__([^_\n]{1,2000}?)__|\*([^*\s][^*\n]{0,2000}?)\*|~~([^~\n]{1,2000}?)~~|!?\[([^[\]\n]{0,500})\]\(\s{0,9}<?([^()\s<>]{0,2000})>?[^)\n]{0,300}\)|<(https?:\/\/[^\s<>]{1,2000})>|(\bhttps?:\/\/[^\s<>()]{1,2000}[^\s<>().,;:!?'"])/

/** Emphasis, code and links within a line. An image becomes a link: the page loads nothing from elsewhere. */
export function inline(text: string, depth = 0): ComponentChildren[] {
  const nodes: ComponentChildren[] = []
  let rest = text
  while (rest !== '') {
    const m = depth < MAX_DEPTH ? INLINE.exec(rest) : null
    if (!m) break
    if (m.index > 0) nodes.push(...withBreaks(rest.slice(0, m.index)))
    nodes.push(renderInline(m, depth))
    rest = rest.slice(m.index + m[0].length)
  }
  return [...nodes, ...withBreaks(rest)]
}

function renderInline(m: RegExpExecArray, depth: number): ComponentChildren {
  const strong = m[2] ?? m[3]
  if (m[1] !== undefined) return <code>{m[1]}</code>
  if (strong !== undefined) return <strong>{inline(strong, depth + 1)}</strong>
  if (m[4] !== undefined) return <em>{inline(m[4], depth + 1)}</em>
  if (m[5] !== undefined) return <del>{inline(m[5], depth + 1)}</del>
  const address = m[7] ?? m[8] ?? m[9] ?? ''
  const href = safeLink(address)
  const label = m[6] !== undefined ? m[6] || address : address
  if (!href) return label
  return <a href={href} target="_blank" rel="noopener noreferrer nofollow">{label}</a>
}

function withBreaks(text: string): ComponentChildren[] {
  const lines = text.split(/ {2,}\n|\\\n/)
  return lines.flatMap((line, i) => (i === 0 ? [line] : [<br />, line]))
}
