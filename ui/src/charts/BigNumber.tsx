import type { JSX } from 'preact'
import type { BigNumber } from './big'

/** `above` is the title that is already on the tile: a label that says the same keeps its place, unseen. */
export function BigNumberChart({ chart, above }: { chart: BigNumber; above?: string }): JSX.Element {
  // Long numbers get smaller letters, so that they stay on one line; the width of the tile does the rest in CSS.
  const size = Math.min(24, 160 / Math.max(chart.text.length, 1))
  return (
    <div class="big-number">
      <p class="big-number-value" style={{ '--fit': `${size}cqi` }} data-value={chart.raw} data-field={chart.field}>{chart.text}</p>
      {chart.label && <p class={chart.label === above ? 'big-number-label unseen' : 'big-number-label'}>{chart.label}</p>}
      {chart.change && (
        <p class={`big-number-change ${chart.change.good ? 'good' : chart.change.bad ? 'bad' : ''}`}>
          <span aria-hidden="true">{chart.change.up ? '▲' : chart.change.down ? '▼' : '■'}</span> {chart.change.text}
          {chart.change.label && <span class="muted"> {chart.change.label}</span>}
        </p>
      )}
    </div>
  )
}
