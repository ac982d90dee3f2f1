// Dashboard filters: which rules reach which tile, what kind of control a rule needs, and how parameters change them.

import type { FilterParameter } from './address'
import { humanize } from './charts/describe'
import type { DashboardFilters, Explore, Field, FilterRule } from './wire'

export type Kind = 'string' | 'number' | 'boolean' | 'date' | 'timestamp'

/** The filters of one tile: rules that leave it out are dropped, rules that mean another field there are re-aimed. */
export function filtersFor(tile: string, filters: DashboardFilters, explore?: Explore): DashboardFilters {
  return {
    dimensions: aimed(tile, filters.dimensions, explore),
    metrics: aimed(tile, filters.metrics, explore),
    tableCalculations: aimed(tile, filters.tableCalculations, explore),
  }
}

function aimed(tile: string, rules: FilterRule[] | undefined, explore: Explore | undefined): FilterRule[] {
  return (rules ?? []).flatMap((rule) => {
    const own = rule.tileTargets && Object.hasOwn(rule.tileTargets, tile) ? rule.tileTargets[tile] : undefined
    if (own === false || rule.disabled) return []
    const target = own ?? rule.target
    // Once the tile's explore is known, a rule on a table that it does not have can't change the answer.
    if (explore && target.tableName && !Object.hasOwn(explore.tables, target.tableName)) return []
    return [{ ...rule, target }]
  })
}

export function findField(rule: FilterRule, explores: Iterable<Explore>): Field | undefined {
  for (const explore of explores) {
    const table = Object.hasOwn(explore.tables, rule.target.tableName) ? explore.tables[rule.target.tableName] : undefined
    if (!table) continue
    const fields = [...Object.values(table.dimensions ?? {}), ...Object.values(table.metrics ?? {})]
    const found = fields.find((f) => `${rule.target.tableName}_${f.name}` === rule.target.fieldId)
    if (found) return found
  }
  return undefined
}

const METRIC_KINDS: Record<string, Kind> = { date: 'date', timestamp: 'timestamp', string: 'string', boolean: 'boolean' }
const DATE_OPERATORS = new Set(['inThePast', 'notInThePast', 'inTheNext', 'inTheCurrent', 'notInTheCurrent', 'inBetween'])

/** What control a rule needs: by its field, or, as long as that is unknown, by its operator and values. */
export function kindOf(rule: FilterRule, field: Field | undefined): Kind {
  if (field?.type) {
    if (['string', 'number', 'boolean', 'date', 'timestamp'].includes(field.type)) return field.type as Kind
    return METRIC_KINDS[field.type] ?? 'number'
  }
  if (DATE_OPERATORS.has(rule.operator)) return 'date'
  const first = rule.values?.[0]
  if (typeof first === 'boolean') return 'boolean'
  if (typeof first === 'number') return 'number'
  if (typeof first === 'string' && /^\d{4}-\d{2}-\d{2}/.test(first)) return 'date'
  return 'string'
}

export function labelOf(rule: FilterRule, field: Field | undefined): string {
  if (rule.label) return rule.label
  if (field?.label) return field.label
  const { fieldId, tableName } = rule.target
  return humanize(fieldId.startsWith(`${tableName}_`) ? fieldId.slice(tableName.length + 1) : fieldId)
}

export const OPERATOR_LABELS: Record<string, string> = {
  equals: 'is', notEquals: 'is not', isNull: 'is empty', notNull: 'is not empty', startsWith: 'starts with', endsWith: 'ends with',
  include: 'contains', doesNotInclude: 'does not contain', lessThan: 'less than', greaterThan: 'greater than',
  lessThanOrEqual: 'at most', greaterThanOrEqual: 'at least', inThePast: 'in the last', notInThePast: 'not in the last',
  inTheNext: 'in the next', inTheCurrent: 'in the current', notInTheCurrent: 'not in the current', inBetween: 'between',
}

const DATE_LABELS: Record<string, string> = { lessThan: 'before', greaterThan: 'after', lessThanOrEqual: 'on or before', greaterThanOrEqual: 'on or after' }

export const OPERATORS: Record<Kind, string[]> = {
  string: ['equals', 'notEquals', 'include', 'doesNotInclude', 'startsWith', 'endsWith', 'isNull', 'notNull'],
  number: ['equals', 'notEquals', 'lessThan', 'lessThanOrEqual', 'greaterThan', 'greaterThanOrEqual', 'isNull', 'notNull'],
  boolean: ['equals', 'isNull', 'notNull'],
  date: ['inThePast', 'notInThePast', 'inTheCurrent', 'inTheNext', 'inBetween', 'equals', 'notEquals', 'lessThan', 'lessThanOrEqual', 'greaterThan', 'greaterThanOrEqual', 'isNull', 'notNull'],
  timestamp: ['inThePast', 'notInThePast', 'inTheCurrent', 'inTheNext', 'inBetween', 'equals', 'notEquals', 'lessThan', 'lessThanOrEqual', 'greaterThan', 'greaterThanOrEqual', 'isNull', 'notNull'],
}

export const UNITS = ['days', 'weeks', 'months', 'quarters', 'years']

export function operatorLabel(operator: string, kind: Kind): string {
  const dated = kind === 'date' || kind === 'timestamp' ? DATE_LABELS[operator] : undefined
  return dated ?? OPERATOR_LABELS[operator] ?? operator
}

export function takesNoValue(operator: string): boolean {
  return operator === 'isNull' || operator === 'notNull'
}

export function isRelative(operator: string): boolean {
  return ['inThePast', 'notInThePast', 'inTheNext', 'inTheCurrent', 'notInTheCurrent'].includes(operator)
}

/** The same rule with another operator and the values that a fresh rule of that kind starts with. */
export function withOperator(rule: FilterRule, operator: string, kind: Kind, today: string): FilterRule {
  const sameShape = shape(rule.operator) === shape(operator) && !rule.disabled
  if (sameShape) return { ...rule, operator }
  const { settings: _, ...rest } = rule
  switch (shape(operator)) {
    case 'none':
      return { ...rest, operator, values: [], disabled: false }
    case 'relative':
      return { ...rest, operator, values: [1], settings: { unitOfTime: 'months', completed: false }, disabled: false }
    case 'range':
      return { ...rest, operator, values: [today, today], disabled: false }
    default:
      return { ...rest, operator, values: kind === 'boolean' ? [true] : kind === 'date' || kind === 'timestamp' ? [today] : [], disabled: kind === 'string' || kind === 'number' }
  }
}

function shape(operator: string): 'none' | 'relative' | 'range' | 'values' {
  if (takesNoValue(operator)) return 'none'
  if (isRelative(operator)) return 'relative'
  return operator === 'inBetween' ? 'range' : 'values'
}

/** A rule with these values; without any it applies to nothing, which means "any value". */
export function withValues(rule: FilterRule, values: unknown[]): FilterRule {
  return { ...rule, values, disabled: values.length === 0 && !takesNoValue(rule.operator) }
}

/** A short text of what a rule asks for, as its button shows it. */
export function summary(rule: FilterRule, kind: Kind): string {
  if (rule.disabled) return 'Any value'
  const operator = operatorLabel(rule.operator, kind)
  if (takesNoValue(rule.operator)) return operator
  const values = (rule.values ?? []).map((v) => shown(v, kind))
  const unit = rule.settings?.unitOfTime ?? 'days'
  if (rule.operator === 'inTheCurrent' || rule.operator === 'notInTheCurrent') return `${operator} ${unit.replace(/s$/, '')}`
  if (isRelative(rule.operator)) {
    const one = values[0] === '1'
    return `${operator} ${values[0] ?? '1'} ${rule.settings?.completed ? 'completed ' : ''}${one ? unit.replace(/s$/, '') : unit}`
  }
  if (rule.operator === 'inBetween') return `${values[0] ?? ''} – ${values[1] ?? ''}`
  const list = values.length > 2 ? `${values[0]}, +${values.length - 1}` : values.join(', ')
  return rule.operator === 'equals' ? list || 'Any value' : `${operator} ${list}`
}

function shown(value: unknown, kind: Kind): string {
  if (typeof value === 'boolean' || kind === 'boolean') return String(value) === 'true' ? 'Yes' : 'No'
  if (kind === 'date') return String(value).slice(0, 10)
  if (kind === 'timestamp') return String(value).replace('T', ' ').slice(0, 16)
  return String(value)
}

/** Applies parameters to the filters that have a control; a parameter without one is ignored. */
export function applyParameters(filters: DashboardFilters, parameters: FilterParameter[]): DashboardFilters {
  if (parameters.length === 0) return filters
  const dimensions = filters.dimensions.map((rule) => {
    const p = parameters.findLast((q) => q.table === rule.target.tableName && `${q.table}_${q.dimension}` === rule.target.fieldId)
    return p ? withValues({ ...rule, operator: p.operator ?? 'equals', settings: undefined }, p.values) : rule
  })
  return { ...filters, dimensions }
}
