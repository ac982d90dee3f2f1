// What a big number shows: one value of the first row, its label, and how it compares to the next row.

import type { BigNumberConfig, Cell, ChartResults } from '../wire'
import { cellOf, fieldLabel } from './describe'
import { asNumber, formatLike, learnFormat } from './format'

export interface BigNumber {
  field: string
  text: string
  raw: string
  label: string
  change?: Change
}

export interface Change {
  text: string
  label: string
  up: boolean
  down: boolean
  good: boolean
  bad: boolean
}

const STYLES: Record<string, [divisor: number, suffix: string]> = {
  thousands: [1e3, 'K'], K: [1e3, 'K'], thousand: [1e3, 'K'], millions: [1e6, 'M'], M: [1e6, 'M'], million: [1e6, 'M'],
  billions: [1e9, 'B'], B: [1e9, 'B'], billion: [1e9, 'B'], trillions: [1e12, 'T'], T: [1e12, 'T'], trillion: [1e12, 'T'],
}

export function describeBigNumber(r: ChartResults): BigNumber {
  const config = (r.chart.chartConfig.config ?? {}) as BigNumberConfig
  const field = chosenField(r, config)
  const cell = cellOf(r.rows[0], field)
  return {
    field,
    text: cell && cell.raw !== null && cell.raw !== undefined ? compacted(cell, config.style) : '–',
    raw: String(cell?.raw ?? ''),
    label: config.showBigNumberLabel === false ? '' : config.label || fieldLabel(field, r.fields),
    change: config.showComparison ? changeOf(cell, cellOf(r.rows[1], field), config) : undefined,
  }
}

function chosenField(r: ChartResults, config: BigNumberConfig): string {
  const q = r.chart.metricQuery
  const candidates = [config.selectedField, q.metrics[0], q.tableCalculations?.[0]?.name, q.dimensions[0]]
  return candidates.find((id): id is string => !!id && r.rows[0]?.[id] !== undefined) ?? q.metrics[0] ?? ''
}

function compacted(cell: Cell, style: string | undefined): string {
  const value = asNumber(cell.raw)
  const named = style !== undefined && Object.hasOwn(STYLES, style) ? STYLES[style] : undefined
  if (!named || value === null) return cell.formatted
  const { prefix } = learnFormat([cell])
  const number = new Intl.NumberFormat('en', { maximumFractionDigits: 2 }).format(Math.abs(value) / named[0])
  return `${value < 0 ? '-' : ''}${prefix}${number}${named[1]}`
}

function changeOf(now: Cell | null, before: Cell | null, config: BigNumberConfig): Change | undefined {
  const [a, b] = [asNumber(now?.raw), asNumber(before?.raw)]
  if (a === null || b === null || !now) return undefined
  const difference = a - b
  const relative = config.comparisonFormat === 'percentage'
  if (relative && b === 0) return undefined
  const text = relative
    ? new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 1, signDisplay: 'exceptZero' }).format(difference / Math.abs(b))
    : (difference > 0 ? '+' : '') + formatLike(difference, [now])
  const [up, down] = [difference > 0, difference < 0]
  return { text, label: config.comparisonLabel ?? '', up, down, good: config.flipColors ? down : up, bad: config.flipColors ? up : down }
}
