import { describe, expect, test } from 'vitest'
import { applyParameters, filtersFor, kindOf, labelOf, summary, withOperator, withValues } from '../src/filters'
import type { DashboardFilters, Explore, FilterRule } from '../src/wire'

const rule = (more: Partial<FilterRule> = {}): FilterRule => ({ id: 'f', target: { fieldId: 'orders_status', tableName: 'orders' }, operator: 'equals', values: ['completed'], ...more })
const filters = (...dimensions: FilterRule[]): DashboardFilters => ({ dimensions, metrics: [], tableCalculations: [] })
const explore = (...tables: string[]): Explore => ({ name: 'e', tables: Object.fromEntries(tables.map((t) => [t, { name: t, label: t, dimensions: {}, metrics: {} }])) })

describe('filters of a tile', () => {
  test('leave out rules that are disabled, that skip the tile, or that its tables do not know', () => {
    const all = filters(rule({ id: 'a' }), rule({ id: 'b', disabled: true }), rule({ id: 'c', tileTargets: { t1: false } }), rule({ id: 'd', target: { fieldId: 'users_x', tableName: 'users' } }))
    expect(filtersFor('t1', all).dimensions.map((r) => r.id)).toEqual(['a', 'd'])
    expect(filtersFor('t1', all, explore('orders')).dimensions.map((r) => r.id)).toEqual(['a'])
    expect(filtersFor('t2', all).dimensions.map((r) => r.id)).toEqual(['a', 'c', 'd'])
  })
  test('aim at the field that the tile maps them to', () => {
    const target = { fieldId: 'payments_state', tableName: 'payments' }
    expect(filtersFor('t', filters(rule({ tileTargets: { t: target } })), explore('payments')).dimensions[0]?.target).toEqual(target)
  })
  test('are not confused by names of object members', () => expect(filtersFor('constructor', filters(rule({ tileTargets: {} }))).dimensions).toHaveLength(1))
})

describe('controls', () => {
  test('follow the type of the field, else the operator and the values', () => {
    expect(kindOf(rule(), { name: 'x', type: 'timestamp' })).toBe('timestamp')
    expect(kindOf(rule(), { name: 'x', type: 'count_distinct' })).toBe('number')
    expect(kindOf(rule({ operator: 'inThePast', values: [10] }), undefined)).toBe('date')
    expect(kindOf(rule({ values: [true] }), undefined)).toBe('boolean')
    expect(kindOf(rule({ values: ['2025-01-01'] }), undefined)).toBe('date')
    expect(kindOf(rule(), undefined)).toBe('string')
  })
  test('are named by the rule, the field, or its id', () => {
    expect(labelOf(rule({ label: 'Mine' }), { name: 's', label: 'Status' })).toBe('Mine')
    expect(labelOf(rule(), { name: 's', label: 'State' })).toBe('State')
    expect(labelOf(rule({ target: { fieldId: 'orders_order_date', tableName: 'orders' } }), undefined)).toBe('Order date')
  })
  test.each([
    [rule(), 'string', 'completed'],
    [rule({ values: ['a', 'b', 'c'] }), 'string', 'a, +2'],
    [rule({ operator: 'notEquals' }), 'string', 'is not completed'],
    [rule({ disabled: true }), 'string', 'Any value'],
    [rule({ operator: 'isNull', values: [] }), 'string', 'is empty'],
    [rule({ values: [true] }), 'boolean', 'Yes'],
    [rule({ operator: 'inThePast', values: [10], settings: { unitOfTime: 'years', completed: true } }), 'date', 'in the last 10 completed years'],
    [rule({ operator: 'inTheNext', values: [1], settings: { unitOfTime: 'weeks' } }), 'date', 'in the next 1 week'],
    [rule({ operator: 'inTheCurrent', values: [1], settings: { unitOfTime: 'months' } }), 'date', 'in the current month'],
    [rule({ operator: 'inBetween', values: ['2025-01-01', '2025-02-01T00:00:00Z'] }), 'date', '2025-01-01 – 2025-02-01'],
    [rule({ operator: 'lessThan', values: ['2025-01-01'] }), 'date', 'before 2025-01-01'],
    [rule({ operator: 'lessThan', values: [3] }), 'number', 'less than 3'],
  ] as const)('%# say what they ask for', (r, kind, text) => expect(summary(r, kind)).toBe(text))

  test('without values apply to nothing', () => {
    expect(withValues(rule(), [])).toMatchObject({ disabled: true, values: [] })
    expect(withValues(rule({ disabled: true }), ['x'])).toMatchObject({ disabled: false, values: ['x'] })
  })
  test('start afresh when the new condition needs other values', () => {
    expect(withOperator(rule(), 'notEquals', 'string', '2026-01-01')).toMatchObject({ operator: 'notEquals', values: ['completed'] })
    expect(withOperator(rule(), 'isNull', 'string', '2026-01-01')).toMatchObject({ values: [], disabled: false })
    expect(withOperator(rule({ operator: 'inThePast', values: [3], settings: { unitOfTime: 'days' } }), 'equals', 'date', '2026-01-01')).toEqual(rule({ values: ['2026-01-01'], disabled: false }))
    expect(withOperator(rule(), 'inThePast', 'date', '2026-01-01')).toMatchObject({ values: [1], settings: { unitOfTime: 'months' } })
  })
})

describe('parameters', () => {
  const given = { table: 'orders', dimension: 'status', values: ['shipped'] }
  test('set the control of their member', () => expect(applyParameters(filters(rule({ disabled: true, values: [] })), [given]).dimensions[0]).toMatchObject({ operator: 'equals', values: ['shipped'], disabled: false }))
  test('without a control are ignored', () => {
    const before = filters(rule())
    expect(applyParameters(before, [{ ...given, dimension: 'secret' }])).toEqual(before)
    expect(applyParameters(before, [{ ...given, table: 'users' }])).toEqual(before)
  })
})
