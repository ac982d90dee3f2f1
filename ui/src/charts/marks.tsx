// Legend and tooltip, shared by every kind of chart.

import type { JSX } from 'preact'

export interface LegendItem {
  id: string
  name: string
  colour: string
  off: boolean
  line?: boolean
}

export function Legend({ items, lines, onToggle }: { items: LegendItem[]; lines: number; onToggle(id: string): void }): JSX.Element {
  return (
    <ul class="legend" aria-label="Series" style={{ height: `${lines * 24 + 4}px` }}>
      {items.map((item) => (
        <li key={item.id}>
          <button type="button" aria-pressed={!item.off} title={item.name} onClick={() => onToggle(item.id)}>
            <i class={item.line ? 'key line' : 'key'} style={{ background: item.colour }} />
            <span>{item.name}</span>
          </button>
        </li>
      ))}
    </ul>
  )
}

export interface TipLine {
  name: string
  value: string
  colour: string
}

const MAX_LINES = 10

export function Tooltip({ title, lines, x, y, width, height }: { title: string; lines: TipLine[]; x: number; y: number; width: number; height: number }): JSX.Element {
  const shown = lines.slice(0, MAX_LINES)
  // Towards the side with more room, so that it never hides what it explains.
  const leftward = x > width / 2
  const top = Math.max(4, Math.min(y - 12, height - 34 - shown.length * 20))
  const style = leftward ? { right: `${width - x + 12}px`, top: `${top}px` } : { left: `${x + 12}px`, top: `${top}px` }
  return (
    <div class="tooltip" style={style} role="status">
      <p>{title}</p>
      <dl>
        {shown.map((line) => (
          <div key={line.name}>
            <dt><i class="key" style={{ background: line.colour }} />{line.name}</dt>
            <dd>{line.value}</dd>
          </div>
        ))}
      </dl>
      {lines.length > shown.length && <p class="more">and {lines.length - shown.length} more</p>}
    </div>
  )
}
