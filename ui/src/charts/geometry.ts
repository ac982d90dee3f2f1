// Where marks go: stacks, bands, paths. Pure arithmetic on a description, in pixels of the plot.

import type { Cartesian, Series } from './describe'
import { asNumber } from './format'
import { linearScale, type LinearScale } from './scale'

export interface Span {
  from: number
  to: number
}

/** The interval of values that each cell of each series covers, stacked where the series say so; null for no value. */
export function spans(series: Series[]): (Span | null)[][] {
  const tops = new Map<string, { up: number[]; down: number[] }>()
  return series.map((s) => {
    if (!s.stack) return s.cells.map((c) => spanFromZero(asNumber(c?.raw)))
    const key = `${s.right}:${s.kind === 'bar' ? 'bar' : 'line'}:${s.stack}`
    const top = tops.get(key) ?? { up: [], down: [] }
    tops.set(key, top)
    return s.cells.map((c, i) => {
      const value = asNumber(c?.raw)
      if (value === null) return null
      const side = value < 0 ? top.down : top.up
      const from = side[i] ?? 0
      side[i] = from + value
      return { from, to: from + value }
    })
  })
}

function spanFromZero(value: number | null): Span | null {
  return value === null ? null : { from: 0, to: value }
}

/** The left and the right value scale; undefined where no series uses one. */
export function valueScales(chart: Cartesian, series: Series[], covered: (Span | null)[][], ticks: number): [LinearScale | undefined, LinearScale | undefined] {
  const scale = (right: boolean) => {
    const used = covered.filter((_, i) => series[i]?.right === right)
    if (used.length === 0) return undefined
    const values = used.flatMap((cells) => cells.flatMap((s) => (s ? [s.from, s.to] : [])))
    return linearScale(values, ticks, chart.bounds[right ? 1 : 0])
  }
  const [left, right] = [scale(false), scale(true)]
  return left || right ? [left, right] : [linearScale([], ticks), undefined]
}

/** Which cells end their stack: only those get a rounded end. */
export function outermost(series: Series[], covered: (Span | null)[][]): boolean[][] {
  const ends = new Map<string, number>()
  const key = (s: Series, si: number, i: number, down: boolean) => `${s.stack ? `${s.right}:${s.stack}` : `#${si}`}:${i}:${down}`
  series.forEach((s, si) => covered[si]?.forEach((c, i) => c && c.to !== c.from && ends.set(key(s, si, i, c.to < c.from), si)))
  return series.map((s, si) => (covered[si] ?? []).map((c, i) => c !== null && ends.get(key(s, si, i, c.to < c.from)) === si))
}

export interface Slots {
  count: number
  of: number[] // by series; -1 for those that are not bars
}

/** Bars of one stack share a slot of the band, others get their own. */
export function slots(series: Series[]): Slots {
  const seen = new Map<string, number>()
  const of = series.map((s, i) => {
    if (s.kind !== 'bar') return -1
    const key = s.stack ? `${s.right}:${s.stack}` : `#${i}`
    if (!seen.has(key)) seen.set(key, seen.size)
    return seen.get(key) ?? 0
  })
  return { count: Math.max(1, seen.size), of }
}

const MAX_THICKNESS = 44

/** Start and thickness of a bar inside the band that begins at `start`. */
export function barIn(band: number, start: number, slot: number, count: number): { at: number; size: number } {
  const padding = Math.min(band * 0.28, 28)
  const gap = count > 1 ? Math.min(3, band * 0.04) : 0
  const free = Math.max(band - padding, band * 0.5)
  const size = Math.max(1, Math.min(MAX_THICKNESS, (free - gap * (count - 1)) / count))
  const used = size * count + gap * (count - 1)
  return { at: start + (band - used) / 2 + slot * (size + gap), size }
}

export type Point = [x: number, y: number]

/** Splits at missing points: a gap stays a gap. */
export function segments(points: (Point | null)[]): Point[][] {
  const found: Point[][] = []
  let open: Point[] = []
  for (const p of [...points, null]) {
    if (p) open.push(p)
    else if (open.length > 0) {
      found.push(open)
      open = []
    }
  }
  return found
}

export function linePath(points: Point[], smooth: boolean): string {
  const [first, ...rest] = points
  if (!first) return ''
  if (!smooth || points.length < 3) return `M${pair(first)}` + rest.map((p) => `L${pair(p)}`).join('')
  return `M${pair(first)}` + monotone(points)
}

/** A cubic that does not overshoot: the curve never shows a value beyond its neighbours. */
function monotone(points: Point[]): string {
  const slope = points.map((p, i) => {
    const [before, after] = [points[i - 1], points[i + 1]]
    if (!before || !after) return 0
    const a = (p[1] - before[1]) / (p[0] - before[0] || 1)
    const b = (after[1] - p[1]) / (after[0] - p[0] || 1)
    return a * b <= 0 ? 0 : (2 * a * b) / (a + b)
  })
  let path = ''
  for (let i = 1; i < points.length; i++) {
    const [p, q] = [points[i - 1] as Point, points[i] as Point]
    const third = (q[0] - p[0]) / 3
    path += `C${pair([p[0] + third, p[1] + (slope[i - 1] ?? 0) * third])} ${pair([q[0] - third, q[1] - (slope[i] ?? 0) * third])} ${pair(q)}`
  }
  return path
}

function pair([x, y]: Point): string {
  return `${round(x)},${round(y)}`
}

export function round(n: number): number {
  return Math.round(n * 10) / 10
}

/** A bar, rounded at one end. */
export function barPath(x: number, y: number, w: number, h: number, end?: 'top' | 'bottom' | 'left' | 'right'): string {
  const r = Math.min(3, w / 2, h / 2)
  const [tl, tr, br, bl] = [end === 'top' || end === 'left', end === 'top' || end === 'right', end === 'bottom' || end === 'right', end === 'bottom' || end === 'left'].map((on) => (on ? r : 0)) as [number, number, number, number]
  const n = round
  return `M${n(x + tl)},${n(y)}H${n(x + w - tr)}q${n(tr)},0 ${n(tr)},${n(tr)}V${n(y + h - br)}q0,${n(br)} ${n(-br)},${n(br)}H${n(x + bl)}q${n(-bl)},0 ${n(-bl)},${n(-bl)}V${n(y + tl)}q0,${n(-tl)} ${n(tl)},${n(-tl)}Z`
}

/** A slice of a ring between two shares of the circle, clockwise from the top. */
export function ringPath(from: number, to: number, outer: number, inner: number): string {
  if (to - from > 0.9999) return circle(outer) + (inner > 0 ? circle(inner) : '') // an arc can't end where it begins
  const at = (share: number, r: number): Point => [Math.sin(share * 2 * Math.PI) * r, -Math.cos(share * 2 * Math.PI) * r]
  const large = to - from > 0.5 ? 1 : 0
  const arc = `M${pair2(at(from, outer))}A${outer},${outer} 0 ${large} 1 ${pair2(at(to, outer))}`
  if (inner <= 0) return `${arc}L0,0Z`
  return `${arc}L${pair2(at(to, inner))}A${inner},${inner} 0 ${large} 0 ${pair2(at(from, inner))}Z`
}

function circle(r: number): string {
  return `M0,${-r}A${r},${r} 0 1 1 0,${r}A${r},${r} 0 1 1 0,${-r}Z`
}

function pair2([x, y]: Point): string {
  return `${Math.round(x * 100) / 100},${Math.round(y * 100) / 100}`
}

/** Roughly how wide a text is at 11px; drawing needs an estimate before anything is on the screen. */
export function textWidth(text: string, size = 11): number {
  let width = 0
  for (const c of text) width += /[ilj.,:;'|!]/.test(c) ? 0.3 : /[mwMW@%]/.test(c) ? 0.9 : /[A-Z∅]/.test(c) ? 0.68 : c.charCodeAt(0) > 0x2e7f ? 1 : 0.56
  return width * size
}

/** How many lines a legend needs: two at most, more of it scrolls. */
export function legendLines(names: string[], width: number): number {
  let lines = 1
  let used = 0
  for (const name of names) {
    const item = Math.min(200, textWidth(name, 12) + 30) + 4
    if (used > 0 && used + item > width) {
      lines++
      used = 0
    }
    used += item
  }
  return Math.min(lines, 2)
}

/** The text cut to a width, with an ellipsis. */
export function fitText(text: string, width: number, size = 11): string {
  if (textWidth(text, size) <= width) return text
  let cut = text
  while (cut.length > 1 && textWidth(`${cut}…`, size) > width) cut = cut.slice(0, -1)
  return `${cut.trimEnd()}…`
}
