// Tables as data: columns, rows, order, pivoting and conditional colours.

import type { Cell, ChartResults, ConditionalFormatting, ConditionalRule, Field, TableConfig } from '../wire'
import { cellOf, fieldLabel } from './describe'
import { asNumber } from './format'
import { isColour } from './palette'

export interface Column {
  id: string
  field: string
  label: string
  group: string[] // values of pivoted dimensions above this column
  numeric: boolean
}

export interface Table {
  columns: Column[]
  rows: (Cell | null)[][]
  groupLabels: string[]
  truncated: boolean
}

const MAX_PIVOT_COLUMNS = 60

export function describeTable(r: ChartResults): Table {
  const config = (r.chart.chartConfig.config ?? {}) as TableConfig
  const visible = orderedColumns(r).filter((id) => config.columns?.[id]?.visible !== false)
  const pivots = (r.chart.pivotConfig?.columns ?? []).filter((id) => visible.includes(id))
  const limit = r.chart.metricQuery.limit ?? Infinity
  const table = pivots.length > 0 ? pivoted(r, config, visible, pivots) : flat(r, config, visible)
  return { ...table, truncated: r.rows.length >= limit }
}

/** The selected columns in the saved order; columns that the order does not know come last. */
export function orderedColumns(r: ChartResults): string[] {
  const q = r.metricQuery ?? r.chart.metricQuery
  const selected = [...q.dimensions, ...q.metrics, ...(q.tableCalculations ?? []).map((c) => c.name)]
  const order = r.chart.tableConfig?.columnOrder ?? []
  const rank = (id: string) => (order.includes(id) ? order.indexOf(id) : order.length)
  return selected
    .filter((id, i) => selected.indexOf(id) === i)
    .sort((a, b) => rank(a) - rank(b))
}

function columnLabel(id: string, config: TableConfig, fields: Record<string, Field>): string {
  const named = config.columns?.[id]?.name
  if (named) return named
  const label = fieldLabel(id, fields)
  const table = fields[id]?.tableLabel
  return config.showTableNames && table ? `${table} ${label}` : label
}

function flat(r: ChartResults, config: TableConfig, ids: string[]): Omit<Table, 'truncated'> {
  const columns = ids.map((id) => ({
    id,
    field: id,
    label: columnLabel(id, config, r.fields),
    group: [],
    numeric: r.rows.some((row) => typeof cellOf(row, id)?.raw === 'number') || isNumeric(r.fields[id]),
  }))
  return { columns, rows: r.rows.map((row) => ids.map((id) => cellOf(row, id))), groupLabels: [] }
}

function isNumeric(field: Field | undefined): boolean {
  return ['number', 'count', 'count_distinct', 'sum', 'average', 'median', 'percentile', 'sum_distinct', 'average_distinct'].includes(field?.type ?? '')
}

function pivoted(r: ChartResults, config: TableConfig, ids: string[], pivots: string[]): Omit<Table, 'truncated'> {
  const q = r.chart.metricQuery
  const index = ids.filter((id) => !pivots.includes(id) && q.dimensions.includes(id))
  const values = ids.filter((id) => !pivots.includes(id) && !q.dimensions.includes(id))
  const groups = new Map<string, { cells: (Cell | null)[]; at: number }>()
  const lines = new Map<string, { head: (Cell | null)[]; cells: Map<string, Cell | null> }>()
  for (const row of r.rows) {
    const cells = pivots.map((id) => cellOf(row, id))
    const group = key(cells)
    if (!groups.has(group)) {
      if (groups.size * values.length >= MAX_PIVOT_COLUMNS) continue
      groups.set(group, { cells, at: groups.size })
    }
    const head = index.map((id) => cellOf(row, id))
    const line = lines.get(key(head)) ?? { head, cells: new Map() }
    lines.set(key(head), line)
    for (const v of values) line.cells.set(`${group} ${v}`, cellOf(row, v))
  }
  const columns: Column[] = index.map((id) => ({ id, field: id, label: columnLabel(id, config, r.fields), group: pivots.map(() => ''), numeric: isNumeric(r.fields[id]) }))
  for (const [group, { cells }] of groups) {
    for (const v of values) {
      columns.push({ id: `${group} ${v}`, field: v, label: columnLabel(v, config, r.fields), group: cells.map((c) => c?.formatted ?? '∅'), numeric: true })
    }
  }
  const rows = [...lines.values()].map((line) => [...line.head, ...columns.slice(index.length).map((c) => line.cells.get(c.id) ?? null)])
  return { columns, rows, groupLabels: pivots.map((id) => columnLabel(id, config, r.fields)) }
}

function key(cells: (Cell | null)[]): string {
  return JSON.stringify(cells.map((c) => c?.raw ?? null))
}

/** Sorts by one column; empty cells come last in both directions. */
export function sortRows(rows: (Cell | null)[][], column: number, descending: boolean): (Cell | null)[][] {
  const sign = descending ? -1 : 1
  return [...rows].sort((a, b) => {
    const [x, y] = [a[column]?.raw ?? null, b[column]?.raw ?? null]
    if (x === null || y === null) return (x === null ? 1 : 0) - (y === null ? 1 : 0)
    const [m, n] = [asNumber(x), asNumber(y)]
    if (m !== null && n !== null) return sign * (m - n)
    return sign * String(x).localeCompare(String(y), undefined, { numeric: true })
  })
}

/** The colour that the chart's rules give a cell, if any. */
export function conditionalColour(rules: ConditionalFormatting[] | undefined, field: string, cell: Cell | null): string | undefined {
  let colour: string | undefined
  for (const rule of rules ?? []) {
    if (!cell || (rule.target && rule.target.fieldId !== field)) continue
    const given = typeof rule.color === 'string' ? (matches(rule.rules ?? [], cell.raw) ? rule.color : undefined) : inRange(rule, asNumber(cell.raw))
    if (given && isColour(given)) colour = given
  }
  return colour
}

function inRange(rule: ConditionalFormatting, value: number | null): string | undefined {
  const { min, max } = rule.rule ?? {}
  if (typeof rule.color !== 'object' || value === null || min === undefined || max === undefined || value < min || value > max) return undefined
  const steps = Math.max(2, rule.color.steps ?? 5)
  const step = Math.min(steps - 1, Math.floor(((value - min) / (max - min || 1)) * steps))
  return blend(rule.color.start, rule.color.end, step / (steps - 1))
}

function blend(from: string, to: string, share: number): string | undefined {
  const [a, b] = [hex(from), hex(to)]
  if (!a || !b) return undefined
  return `rgb(${a.map((v, i) => Math.round(v + ((b[i] ?? 0) - v) * share)).join(', ')})`
}

function hex(colour: string): number[] | undefined {
  const match = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(colour)
  return match?.slice(1).map((part) => parseInt(part, 16))
}

function matches(rules: ConditionalRule[], raw: unknown): boolean {
  return rules.length > 0 && rules.every((rule) => holds(rule, raw))
}

function holds(rule: ConditionalRule, raw: unknown): boolean {
  const first = asNumber(rule.values?.[0])
  const value = asNumber(raw)
  switch (rule.operator) {
    case 'isNull':
      return raw === null || raw === undefined
    case 'notNull':
      return raw !== null && raw !== undefined
    case 'equals':
      return (rule.values ?? []).some((v) => String(v) === String(raw))
    case 'notEquals':
      return (rule.values ?? []).every((v) => String(v) !== String(raw))
    case 'lessThan':
      return value !== null && first !== null && value < first
    case 'lessThanOrEqual':
      return value !== null && first !== null && value <= first
    case 'greaterThan':
      return value !== null && first !== null && value > first
    case 'greaterThanOrEqual':
      return value !== null && first !== null && value >= first
    case 'include':
      return (rule.values ?? []).some((v) => String(raw).toLowerCase().includes(String(v).toLowerCase()))
    case 'startsWith':
      return (rule.values ?? []).some((v) => String(raw).startsWith(String(v)))
    case 'endsWith':
      return (rule.values ?? []).some((v) => String(raw).endsWith(String(v)))
    default:
      return false
  }
}
