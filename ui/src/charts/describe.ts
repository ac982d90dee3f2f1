// Turns a saved chart and its rows into a description that the drawing code can follow without knowing where it came
// from. Pure: everything here is tested without a browser.

import type { CartesianConfig, Cell, ChartResults, Field, PieConfig, Row, SeriesConfig } from '../wire'
import { asNumber, formatLike } from './format'
import { isColour } from './palette'
import { timePositions } from './scale'

export interface Series {
  id: string
  name: string
  kind: 'bar' | 'line' | 'area' | 'scatter'
  right: boolean
  stack?: string
  colour?: string
  smooth: boolean
  labels: boolean
  cells: (Cell | null)[] // one for each category
}

export interface Cartesian {
  kind: 'cartesian'
  horizontal: boolean
  categories: Cell[]
  categoryLabel: string
  valueLabels: [string, string]
  bounds: [Bounds, Bounds]
  positions?: number[] // 0…1, on a time axis
  categoryColours?: (string | undefined)[]
  series: Series[]
  legend: boolean
}

export interface Bounds {
  min?: number
  max?: number
}

export interface Slice {
  label: string
  cell: Cell
  value: number
  share: number
  colour?: string
}

export interface Pie {
  kind: 'pie'
  donut: boolean
  showValue: boolean
  showShare: boolean
  legend: boolean
  valueLabel: string
  slices: Slice[]
}

export function fieldLabel(id: string, fields: Record<string, Field>): string {
  const field = fields[id]
  return field?.displayName || field?.label || field?.name || humanize(id)
}

/** "orders_total_amount" → "Orders total amount". */
export function humanize(id: string): string {
  const words = id.replace(/[_\s]+/g, ' ').trim()
  return words.charAt(0).toUpperCase() + words.slice(1)
}

export function cellOf(row: Row | undefined, id: string): Cell | null {
  return row?.[id]?.value ?? null
}

export function describeCartesian(r: ChartResults): Cartesian {
  const config = (r.chart.chartConfig.config ?? {}) as CartesianConfig
  const layout = config.layout ?? {}
  const x = layout.xField ?? r.chart.metricQuery.dimensions[0] ?? ''
  const yFields = layout.yField?.length ? layout.yField : r.chart.metricQuery.metrics.slice(0, 1)
  const groups = (r.chart.pivotConfig?.columns ?? []).filter((id) => id !== x && r.rows.some((row) => row[id]))
  const categories = distinct(r.rows, x)
  const saved = (config.eChartsConfig?.series ?? []).filter((s) => !s.hidden)
  const hidden = new Set((config.eChartsConfig?.series ?? []).filter((s) => s.hidden).map(seriesKey))
  const series = groups.length > 0
    ? groupedSeries(r, x, yFields, groups, categories, saved)
    : yFields.map((y) => plainSeries(r, x, y, categories, saved.find((s) => s.encode?.yRef?.field === y)))
  const shown = series.filter((s) => !hidden.has(s.id))
  const stackAll = layout.stack === true || typeof layout.stack === 'string'
  for (const s of shown) {
    if (stackAll && s.kind !== 'line') s.stack ??= 'all'
  }
  const lines = shown.length > 0 && shown.every((s) => s.kind === 'line' || s.kind === 'area')
  return {
    kind: 'cartesian',
    horizontal: layout.flipAxes === true && !lines,
    categories,
    categoryLabel: config.eChartsConfig?.xAxis?.[0]?.name || fieldLabel(x, r.fields),
    valueLabels: [axisLabel(shown.filter((s) => !s.right), config, 0), axisLabel(shown.filter((s) => s.right), config, 1)],
    bounds: [axisBounds(config, 0), axisBounds(config, 1)],
    positions: lines && isTime(r.fields[x]) ? timePositions(categories.map((c) => c.raw)) : undefined,
    categoryColours: shown.length === 1 ? coloursOf(categories, r.fields[x]) : undefined,
    series: shown,
    legend: config.eChartsConfig?.legend?.show ?? shown.length > 1,
  }
}

function axisLabel(series: Series[], config: CartesianConfig, index: number): string {
  const named = config.eChartsConfig?.yAxis?.[index]?.name
  if (named) return named
  const names = new Set(series.map((s) => s.name))
  return names.size === 1 ? ([...names][0] ?? '') : ''
}

function axisBounds(config: CartesianConfig, index: number): Bounds {
  const axis = config.eChartsConfig?.yAxis?.[index]
  const bounds: Bounds = {}
  const min = asNumber(axis?.min)
  const max = asNumber(axis?.max)
  if (min !== null) bounds.min = min
  if (max !== null && (min === null || max > min)) bounds.max = max
  return bounds
}

function isTime(field: Field | undefined): boolean {
  return field?.type === 'date' || field?.type === 'timestamp'
}

function distinct(rows: Row[], id: string): Cell[] {
  const seen = new Map<string, Cell>()
  for (const row of rows) {
    const cell = cellOf(row, id)
    if (cell && !seen.has(keyOf(cell))) seen.set(keyOf(cell), cell)
  }
  return [...seen.values()]
}

function keyOf(cell: Cell): string {
  return `${typeof cell.raw}:${String(cell.raw)}`
}

function coloursOf(categories: Cell[], field: Field | undefined): (string | undefined)[] | undefined {
  if (!field?.colors) return undefined
  const colours = categories.map((c) => chosenColour(field, c.raw))
  return colours.some(Boolean) ? colours : undefined
}

function chosenColour(field: Field | undefined, raw: unknown): string | undefined {
  const colour = field?.colors && Object.hasOwn(field.colors, String(raw)) ? field.colors[String(raw)] : undefined
  return colour && isColour(colour) ? colour : undefined
}

function plainSeries(r: ChartResults, x: string, y: string, categories: Cell[], config: SeriesConfig | undefined): Series {
  const byCategory = new Map<string, Cell | null>()
  for (const row of r.rows) {
    const cell = cellOf(row, x)
    if (cell) byCategory.set(keyOf(cell), cellOf(row, y))
  }
  return {
    ...seriesLook(config),
    id: seriesKey(config ?? { encode: { yRef: { field: y } } }),
    name: config?.name || fieldLabel(y, r.fields),
    cells: categories.map((c) => byCategory.get(keyOf(c)) ?? null),
  }
}

function groupedSeries(r: ChartResults, x: string, yFields: string[], groups: string[], categories: Cell[], saved: SeriesConfig[]): Series[] {
  const index = new Map(categories.map((c, i) => [keyOf(c), i]))
  const found = new Map<string, Series>()
  for (const row of r.rows) {
    const category = cellOf(row, x)
    if (!category) continue
    const pivots = groups.map((id) => ({ field: id, cell: cellOf(row, id) ?? { raw: null, formatted: '∅' } }))
    for (const y of yFields) {
      const id = pivotKey(y, pivots.map((p) => ({ field: p.field, value: p.cell.raw })))
      let series = found.get(id)
      if (!series) {
        const exact = saved.find((s) => seriesKey(s) === id)
        const general = exact ?? saved.find((s) => s.encode?.yRef?.field === y)
        const group = pivots.map((p) => p.cell.formatted).join(' · ')
        series = {
          ...seriesLook(general),
          id,
          name: exact?.name || (yFields.length > 1 ? `${group} – ${fieldLabel(y, r.fields)}` : group),
          colour: exact?.color && isColour(exact.color) ? exact.color : chosenColour(r.fields[groups[0] ?? ''], pivots[0]?.cell.raw),
          cells: categories.map(() => null),
        }
        found.set(id, series)
      }
      series.cells[index.get(keyOf(category)) ?? 0] = cellOf(row, y)
    }
  }
  const series = [...found.values()]
  // Rows that are not sorted by the group come in any order; the same chart must not change its colours for that.
  const sorted = (r.chart.metricQuery.sorts ?? []).some((s) => groups.includes(s.fieldId))
  return sorted ? series : series.sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }))
}

function seriesLook(config: SeriesConfig | undefined): Omit<Series, 'id' | 'name' | 'cells'> {
  const kind = config?.type === 'line' ? (config.areaStyle ? 'area' : 'line') : config?.type === 'area' ? 'area' : config?.type === 'scatter' ? 'scatter' : 'bar'
  return {
    kind,
    right: config?.yAxisIndex === 1,
    stack: config?.stack || undefined,
    colour: config?.color && isColour(config.color) ? config.color : undefined,
    smooth: config?.smooth === true,
    labels: config?.label?.show === true,
  }
}

function seriesKey(config: SeriesConfig): string {
  return pivotKey(config.encode?.yRef?.field ?? '', config.encode?.yRef?.pivotValues ?? [])
}

function pivotKey(field: string, pivots: { field: string; value: unknown }[]): string {
  return [field, ...pivots.map((p) => `${p.field}=${String(p.value)}`)].join('|')
}

const MAX_SLICES = 12

export function describePie(r: ChartResults): Pie {
  const config = (r.chart.chartConfig.config ?? {}) as PieConfig
  const groups = config.groupFieldIds?.length ? config.groupFieldIds : r.chart.metricQuery.dimensions
  const metric = config.metricId ?? r.chart.metricQuery.metrics[0] ?? ''
  const sums = new Map<string, Slice>()
  for (const row of r.rows) {
    const parts = groups.map((id) => cellOf(row, id)?.formatted ?? '∅')
    const raws = groups.map((id) => String(cellOf(row, id)?.raw ?? null))
    const cell = cellOf(row, metric)
    const value = asNumber(cell?.raw)
    if (!cell || value === null || value <= 0) continue
    const key = parts.join(' - ')
    const same = sums.get(key)
    if (same) {
      same.value += value
      same.cell = { raw: same.value, formatted: formatLike(same.value, [cell]) }
      continue
    }
    const colour = own(config.groupColorOverrides, key) ?? chosenColour(r.fields[groups[0] ?? ''], raws[0])
    sums.set(key, { label: own(config.groupLabelOverrides, key) ?? key, cell, value, share: 0, colour: colour && isColour(colour) ? colour : undefined })
  }
  const total = [...sums.values()].reduce((sum, s) => sum + s.value, 0)
  const slices = [...sums.values()].sort((a, b) => b.value - a.value)
  for (const s of slices) s.share = s.value / total
  return {
    kind: 'pie',
    donut: config.isDonut !== false,
    showValue: config.showValue === true,
    showShare: config.showPercentage !== false,
    legend: config.showLegend !== false,
    valueLabel: fieldLabel(metric, r.fields),
    slices: gathered(slices),
  }
}

/** Gathers what is too small to tell apart into one slice. */
function gathered(slices: Slice[]): Slice[] {
  if (slices.length <= MAX_SLICES) return slices
  const rest = slices.slice(MAX_SLICES - 1)
  const value = rest.reduce((sum, s) => sum + s.value, 0)
  const other: Slice = {
    label: `${rest.length} others`,
    value,
    share: rest.reduce((sum, s) => sum + s.share, 0),
    cell: { raw: value, formatted: formatLike(value, rest.map((s) => s.cell)) },
    colour: '#9aa3af',
  }
  return [...slices.slice(0, MAX_SLICES - 1), other]
}

function own(map: Record<string, string> | undefined, key: string): string | undefined {
  return map && Object.hasOwn(map, key) ? map[key] : undefined
}
