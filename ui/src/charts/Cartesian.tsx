import type { JSX } from 'preact'
import { useMemo, useState } from 'preact/hooks'
import type { Cell } from '../wire'
import type { Cartesian, Series } from './describe'
import { formatTick, learnFormat, type AxisFormat } from './format'
import { barIn, barPath, fitText, legendLines, linePath, outermost, round, segments, slots, spans, textWidth, valueScales, type Point, type Span } from './geometry'
import { Legend, Tooltip, type TipLine } from './marks'
import { colourAt, type Colours } from './palette'
import { thinned, type LinearScale } from './scale'

interface Props {
  chart: Cartesian
  title: string
  width: number
  height: number
  colours: Colours
  locale?: string
}

const MIN_BAND = 22 // of horizontal bars; more of them scroll
const TEXT = 11

export function CartesianChart({ chart, title, width, height, colours, locale }: Props): JSX.Element {
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set())
  const [active, setActive] = useState<number | null>(null)
  const colour = useMemo(() => new Map(chart.series.map((s, i) => [s.id, s.colour ?? colourAt(colours, i)])), [chart, colours])
  const shown = chart.series.filter((s) => !hidden.has(s.id))
  const lines = chart.legend && chart.series.length > 0 ? legendLines(chart.series.map((s) => s.name), width) : 0
  const legendHeight = lines > 0 ? lines * 24 + 4 : 0
  const room = Math.max(60, height - legendHeight)
  const plan = useMemo(() => layOut(chart, shown, width, room, locale), [chart, hidden, width, room, locale])

  const toggle = (id: string) => {
    const next = new Set(hidden)
    if (!next.delete(id)) next.add(id)
    setHidden(next.size === chart.series.length ? new Set() : next)
  }
  const move = (e: PointerEvent) => {
    const box = (e.currentTarget as SVGSVGElement).getBoundingClientRect()
    setActive(plan.nearest(e.clientX - box.left, e.clientY - box.top))
  }
  const step = (e: KeyboardEvent) => {
    const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[e.key]
    if (e.key === 'Escape') setActive(null)
    if (by === undefined) return
    e.preventDefault()
    const last = chart.categories.length - 1
    setActive((at) => Math.max(0, Math.min(last, at === null ? (by > 0 ? 0 : last) : at + by)))
  }

  return (
    <div class="chart">
      {lines > 0 && <Legend lines={lines} items={chart.series.map((s) => ({ id: s.id, name: s.name, colour: colour.get(s.id) ?? '', off: hidden.has(s.id), line: s.kind === 'line' }))} onToggle={toggle} />}
      <div class="plot" style={{ height: `${room}px` }}>
        <svg
          width={width} height={plan.height} viewBox={`0 0 ${width} ${plan.height}`} role="img" tabIndex={0}
          aria-label={`${title}. ${summaryOf(chart)}`}
          onPointerMove={move} onPointerLeave={() => setActive(null)} onKeyDown={step} onBlur={() => setActive(null)}
        >
          <Axes plan={plan} chart={chart} />
          {active !== null && <rect class="band" {...plan.bandBox(active)} />}
          {shown.map((s, i) => <Marks key={s.id} series={s} index={i} plan={plan} chart={chart} colour={colour.get(s.id) ?? ''} />)}
          {active !== null && shown.map((s, i) => {
            const p = s.kind === 'bar' ? null : plan.points[i]?.[active]
            return p && <circle key={s.id} class="point" cx={p[0]} cy={p[1]} r={4} fill={colour.get(s.id)} />
          })}
        </svg>
        {active !== null && (
          <Tooltip
            title={chart.categories[active]?.formatted ?? ''}
            lines={shown.flatMap((s): TipLine[] => (s.cells[active] ? [{ name: s.name, value: s.cells[active].formatted, colour: colour.get(s.id) ?? '' }] : []))}
            x={plan.tipAt(active)[0]} y={plan.tipAt(active)[1]} width={width} height={plan.height}
          />
        )}
      </div>
      <DataTable chart={chart} title={title} />
    </div>
  )
}

function summaryOf(chart: Cartesian): string {
  const names = chart.series.slice(0, 4).map((s) => s.name).join(', ')
  const more = chart.series.length > 4 ? ` and ${chart.series.length - 4} more` : ''
  return `${names}${more} by ${chart.categoryLabel}, ${chart.categories.length} ${chart.categories.length === 1 ? 'entry' : 'entries'}. The values follow as a table.`
}

/** Everything that drawing needs, worked out once for a size. */
interface Plan {
  height: number
  area: { x: number; y: number; w: number; h: number }
  scales: [LinearScale | undefined, LinearScale | undefined]
  formats: [AxisFormat, AxisFormat]
  covered: (Span | null)[][]
  outer: boolean[][]
  bars: ReturnType<typeof slots>
  points: (Point | null)[][]
  labels: { at: number; text: string; full: string }[]
  ticks: { at: number; text: string; grid: boolean; right: boolean; zero: boolean }[]
  band: number
  bandStart(index: number): number
  centre(index: number): number
  bandBox(index: number): { x: number; y: number; width: number; height: number }
  tipAt(index: number): Point
  nearest(x: number, y: number): number | null
}

function layOut(chart: Cartesian, series: Series[], width: number, room: number, locale?: string): Plan {
  const across = chart.horizontal
  const count = chart.categories.length
  const covered = spans(series)
  const scales = valueScales(chart, series, covered, Math.max(2, Math.floor((across ? width : room) / (across ? 110 : 56))))
  const formats = [false, true].map((right) => learnFormat(series.filter((s) => s.right === right).flatMap((s) => s.cells))) as [AxisFormat, AxisFormat]
  const tickText = (right: boolean) => (scales[right ? 1 : 0]?.ticks ?? []).map((t) => formatTick(t, formats[right ? 1 : 0], locale))
  const widest = (texts: string[]) => Math.max(0, ...texts.map((t) => textWidth(t, TEXT)))

  const bars = slots(series)
  const natural = Math.max(MIN_BAND, bars.count * 9 + 6) * count + 34
  const height = across ? Math.max(room, natural) : room
  const left = across ? Math.min(width * 0.38, widest(chart.categories.map((c) => c.formatted)) + 14) : widest(tickText(false)) + 14
  const rightRoom = across ? Math.max(10, widest(tickText(false)) / 2 + 2) : scales[1] ? widest(tickText(true)) + 14 : 10
  const area = { x: Math.max(left, 12), y: 10, w: Math.max(20, width - Math.max(left, 12) - rightRoom), h: Math.max(20, height - 10 - 26) }

  const length = across ? area.h : area.w
  const start = across ? area.y : area.x
  const band = length / Math.max(count, 1)
  const pointwise = series.length > 0 && series.every((s) => s.kind !== 'bar')
  const inset = Math.min(14, length * 0.04)
  const centre = (i: number) => {
    const share = chart.positions ? (chart.positions[i] ?? 0) : count > 1 ? i / (count - 1) : 0.5
    return pointwise ? start + inset + share * (length - 2 * inset) : start + band * (i + 0.5)
  }
  const value = (right: boolean, v: number) => {
    const share = (scales[right ? 1 : 0] ?? scales[0])?.at(v) ?? 0
    return across ? area.x + share * area.w : area.y + area.h - share * area.h
  }
  const points = series.map((s, si) => s.cells.map((_, i): Point | null => {
    const span = covered[si]?.[i]
    if (!span) return null
    return across ? [value(s.right, span.to), centre(i)] : [centre(i), value(s.right, span.to)]
  }))
  return {
    height, area, scales, formats, covered, bars, points, band, centre, outer: outermost(series, covered),
    bandStart: (i) => start + band * i,
    labels: categoryLabels(chart, area, centre, across, length),
    ticks: [false, true].flatMap((right) => (across && right && scales[0] ? [] : (scales[right ? 1 : 0]?.ticks ?? []).map((t, i) => ({
      at: value(right, t), text: tickText(right)[i] ?? '', grid: !right || !scales[0], right, zero: t === 0,
    })))),
    bandBox: (i) => {
      const size = pointwise ? 1 : band
      const at = centre(i) - size / 2
      return across ? { x: area.x, y: at, width: area.w, height: size } : { x: at, y: area.y, width: size, height: area.h }
    },
    tipAt: (i) => {
      const ends = points.flatMap((p) => (p[i] ? [p[i]] : []))
      if (across) return [Math.max(area.x, ...ends.map((p) => p[0])), centre(i)]
      return [centre(i), Math.min(area.y + area.h / 2, ...ends.map((p) => p[1]))]
    },
    nearest: (x, y) => {
      if (count === 0) return null
      const at = across ? y : x
      let best = 0
      for (let i = 1; i < count; i++) if (Math.abs(centre(i) - at) < Math.abs(centre(best) - at)) best = i
      return best
    },
  }
}

function categoryLabels(chart: Cartesian, area: Plan['area'], centre: (i: number) => number, across: boolean, length: number): Plan['labels'] {
  const texts = chart.categories.map((c) => c.formatted)
  if (across) {
    return thinned(texts.length, length, 13).map((i) => ({ at: centre(i), text: fitText(texts[i] ?? '', area.x - 12), full: texts[i] ?? '' }))
  }
  const widest = Math.max(0, ...texts.map((t) => textWidth(t, TEXT)))
  const room = Math.min(widest, 120) + 16
  const band = length / Math.max(texts.length, 1)
  // Few categories are all named, shortened if need be; many are thinned out.
  const all = texts.length <= 16 && band >= 38
  const shown = all ? texts.map((_, i) => i) : thinned(texts.length, length, room)
  return shown.map((i) => ({ at: centre(i), text: fitText(texts[i] ?? '', all ? Math.max(band - 8, 24) : room - 8), full: texts[i] ?? '' }))
}

function Axes({ plan, chart }: { plan: Plan; chart: Cartesian }): JSX.Element {
  const { area, ticks, labels } = plan
  const across = chart.horizontal
  const last = area.x + area.w
  return (
    <g class="axes" aria-hidden="true">
      {ticks.map((t, i) => (
        <g key={i}>
          {t.grid && (across
            ? <line class={t.zero ? 'zero' : 'grid'} x1={t.at} x2={t.at} y1={area.y} y2={area.y + area.h} />
            : <line class={t.zero ? 'zero' : 'grid'} x1={area.x} x2={last} y1={t.at} y2={t.at} />)}
          {across
            ? <text x={t.at} y={area.y + area.h + 17} text-anchor="middle">{t.text}</text>
            : <text x={t.right ? last + 8 : area.x - 8} y={t.at} dy="0.32em" text-anchor={t.right ? 'start' : 'end'}>{t.text}</text>}
        </g>
      ))}
      {labels.map((l, i) => across
        ? <text key={i} class="category" x={area.x - 8} y={l.at} dy="0.32em" text-anchor="end">{l.text}{l.text !== l.full && <title>{l.full}</title>}</text>
        : <text key={i} class="category" x={Math.min(Math.max(l.at, textWidth(l.text) / 2), last + 10 - textWidth(l.text) / 2)} y={area.y + area.h + 17} text-anchor="middle">{l.text}{l.text !== l.full && <title>{l.full}</title>}</text>)}
    </g>
  )
}

function Marks({ series, index, plan, chart, colour }: { series: Series; index: number; plan: Plan; chart: Cartesian; colour: string }): JSX.Element {
  if (series.kind === 'bar') return <Bars {...{ series, index, plan, chart, colour }} />
  const points = plan.points[index] ?? []
  const runs = segments(points)
  const dots = series.kind === 'scatter' || points.filter(Boolean).length <= 24
  return (
    <g class="marks" data-series={series.name}>
      {series.kind === 'area' && areaPaths(series, index, plan, chart).map((d, i) => <path key={i} class="area" d={d} fill={colour} />)}
      {series.kind !== 'scatter' && runs.map((run, i) => <path key={i} class="line" d={linePath(run, series.smooth)} stroke={colour} />)}
      {points.map((p, i) => p && (
        <circle key={i} class={dots ? 'dot' : 'dot faint'} cx={round(p[0])} cy={round(p[1])} r={series.kind === 'scatter' ? 4 : runs.length === points.filter(Boolean).length ? 3 : 2.5} fill={colour} {...facts(series, chart, i)} />
      ))}
      {series.labels && points.map((p, i) => p && <text key={i} class="label" x={p[0]} y={p[1] - 8} text-anchor="middle">{series.cells[i]?.formatted}</text>)}
    </g>
  )
}

function areaPaths(series: Series, index: number, plan: Plan, chart: Cartesian): string[] {
  const scale = plan.scales[series.right ? 1 : 0]
  if (!scale) return []
  const base = (v: number) => plan.area.y + plan.area.h - scale.at(v) * plan.area.h
  let at = 0
  return segments(plan.points[index] ?? []).map((run) => {
    const cells = plan.covered[index] ?? []
    while (at < cells.length && !cells[at]) at++
    const floor = run.map((p, i): Point => [p[0], base(Math.max(cells[at + i]?.from ?? 0, scale.min))])
    at += run.length
    const back = linePath(floor.reverse(), series.smooth && !chart.horizontal).replace(/^M/, 'L')
    return `${linePath(run, series.smooth)}${back}Z`
  })
}

function Bars({ series, index, plan, chart, colour }: { series: Series; index: number; plan: Plan; chart: Cartesian; colour: string }): JSX.Element {
  const { area, bars } = plan
  const scale = plan.scales[series.right ? 1 : 0]
  const across = chart.horizontal
  return (
    <g class="marks" data-series={series.name}>
      {series.cells.map((cell, i) => {
        const span = plan.covered[index]?.[i]
        if (!cell || !span || !scale) return null
        const { at, size } = barIn(plan.band, plan.bandStart(i), bars.of[index] ?? 0, bars.count)
        const [a, b] = [scale.at(Math.min(Math.max(span.from, scale.min), scale.max)), scale.at(Math.min(Math.max(span.to, scale.min), scale.max))]
        const [low, high] = [Math.min(a, b), Math.max(a, b)]
        const up = span.to >= span.from
        const box = across
          ? { x: area.x + low * area.w, y: at, w: Math.max((high - low) * area.w, 0), h: size }
          : { x: at, y: area.y + area.h - high * area.h, w: size, h: Math.max((high - low) * area.h, 0) }
        const end = across ? (up ? 'right' : 'left') : up ? 'top' : 'bottom'
        const d = barPath(box.x, box.y, box.w, box.h, plan.outer[index]?.[i] ? end : undefined)
        return (
          <g key={i}>
            <path class="bar" d={d} fill={chart.categoryColours?.[i] ?? colour} {...facts(series, chart, i)} />
            {series.labels && (across
              ? <text class="label" x={box.x + box.w + 5} y={box.y + size / 2} dy="0.32em">{cell.formatted}</text>
              : <text class="label" x={box.x + size / 2} y={box.y - 5} text-anchor="middle">{cell.formatted}</text>)}
          </g>
        )
      })}
    </g>
  )
}

/** What a test or a script can read off a mark. */
function facts(series: Series, chart: Cartesian, i: number): Record<string, string> {
  return { 'data-category': chart.categories[i]?.formatted ?? '', 'data-value': String(series.cells[i]?.raw ?? ''), 'data-formatted': series.cells[i]?.formatted ?? '' }
}

function DataTable({ chart, title }: { chart: Cartesian; title: string }): JSX.Element {
  return (
    <table class="visually-hidden">
      <caption>{title}</caption>
      <thead><tr><th scope="col">{chart.categoryLabel}</th>{chart.series.map((s) => <th key={s.id} scope="col">{s.name}</th>)}</tr></thead>
      <tbody>
        {chart.categories.map((c: Cell, i) => (
          <tr key={i}>
            <th scope="row">{c.formatted}</th>
            {chart.series.map((s) => <td key={s.id} data-value={String(s.cells[i]?.raw ?? '')}>{s.cells[i]?.formatted ?? ''}</td>)}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
