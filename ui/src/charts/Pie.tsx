import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { Pie } from './describe'
import { fitText, ringPath, textWidth } from './geometry'
import { Tooltip } from './marks'
import { colourAt, type Colours } from './palette'

interface Props {
  chart: Pie
  title: string
  width: number
  height: number
  colours: Colours
  locale?: string
}

const percent = (share: number, locale?: string) => new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 }).format(share)

/** What the legend beside the ring needs. */
function legendWidth(chart: Pie): number {
  const label = Math.min(190, Math.max(0, ...chart.slices.map((s) => textWidth(s.label, 12))) + 32)
  const value = chart.showValue || !chart.showShare ? Math.max(0, ...chart.slices.map((s) => textWidth(s.cell.formatted, 12.5))) + 14 : 0
  return label + value + (chart.showShare ? 58 : 0) + 20
}

export function PieChart({ chart, title, width, height, colours, locale }: Props): JSX.Element {
  const [active, setActive] = useState<number | null>(null)
  const beside = chart.legend && width - legendWidth(chart) >= Math.min(height, width * 0.36)
  const below = chart.legend && !beside
  const box = beside ? Math.min(height, width - legendWidth(chart)) : Math.min(width, below ? height * 0.6 : height)
  const outer = Math.max(20, box / 2 - 8)
  const inner = chart.donut ? outer * 0.62 : 0
  const colour = (i: number) => chart.slices[i]?.colour ?? colourAt(colours, i)
  let from = 0
  const slices = chart.slices.map((s) => ({ ...s, from, to: (from += s.share) }))
  const shown = active === null ? undefined : slices[active]
  const middle = shown ? (shown.from + shown.to) / 2 : 0
  const reach = (outer + inner) / 2
  return (
    <div class={`chart pie ${beside ? 'beside' : 'below'}`}>
      <div class="plot pie-plot" style={{ width: `${box}px`, height: `${box}px` }}>
        <svg width={box} height={box} viewBox={`${-box / 2} ${-box / 2} ${box} ${box}`} role="img" aria-label={`${title}. ${chart.valueLabel}, ${slices.length} parts. The values follow as a table.`} onPointerLeave={() => setActive(null)}>
          {slices.map((s, i) => (
            <path
              key={s.label} class={active === null || active === i ? 'slice' : 'slice dim'} d={ringPath(s.from, s.to, outer, inner)} fill={colour(i)} fill-rule="evenodd"
              data-category={s.label} data-value={String(s.value)} data-formatted={s.cell.formatted} onPointerEnter={() => setActive(i)}
            />
          ))}
          {shown && inner > 34 && (
            <g class="hole" text-anchor="middle" aria-hidden="true">
              <text class="hole-share" y="-2">{percent(shown.share, locale)}</text>
              <text y="15">{fitText(shown.cell.formatted, inner * 1.7)}</text>
            </g>
          )}
          {!chart.donut && slices.map((s) => s.share > 0.07 && (
            <text key={s.label} class="slice-label" x={Math.sin(Math.PI * (s.from + s.to)) * outer * 0.66} y={-Math.cos(Math.PI * (s.from + s.to)) * outer * 0.66} text-anchor="middle" dy="0.32em">
              {chart.showShare ? percent(s.share, locale) : s.cell.formatted}
            </text>
          ))}
        </svg>
        {shown && !(chart.donut && chart.legend) && (
          <Tooltip
            title={shown.label}
            lines={[{ name: chart.valueLabel, value: `${shown.cell.formatted} · ${percent(shown.share, locale)}`, colour: colour(active ?? 0) }]}
            x={box / 2 + Math.sin(middle * 2 * Math.PI) * reach} y={box / 2 - Math.cos(middle * 2 * Math.PI) * reach} width={box} height={box}
          />
        )}
      </div>
      {/* The legend is the table of values at the same time. */}
      <table class={chart.legend ? 'pie-legend' : 'visually-hidden'}>
        <caption class="visually-hidden">{title}</caption>
        <thead class="visually-hidden"><tr><th scope="col">Part</th><th scope="col">{chart.valueLabel}</th><th scope="col">Share</th></tr></thead>
        <tbody>
          {slices.map((s, i) => (
            <tr key={s.label} class={active === i ? 'active' : ''} onPointerEnter={() => setActive(i)} onPointerLeave={() => setActive(null)}>
              <th scope="row"><i class="key" style={{ background: colour(i) }} /><span title={s.label}>{s.label}</span></th>
              <td data-value={String(s.value)} class={chart.showValue || !chart.showShare ? '' : 'visually-hidden'}>{s.cell.formatted}</td>
              <td class={chart.showShare ? 'share' : 'visually-hidden'}>{percent(s.share, locale)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
