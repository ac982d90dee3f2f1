import { describe, expect, test } from 'vitest'
import { describeBigNumber } from '../src/charts/big'
import { describeCartesian, describePie } from '../src/charts/describe'
import { outermost, ringPath, segments, spans, slots } from '../src/charts/geometry'
import { conditionalColour, describeTable, sortRows } from '../src/charts/table'
import type { ChartResults } from '../src/wire'

const cell = (raw: unknown, formatted = String(raw)) => ({ value: { raw, formatted } })

function results(config: object, rows: ChartResults['rows'], more: { dimensions?: string[]; metrics?: string[]; chart?: object; fields?: object } = {}): ChartResults {
  return {
    rows,
    fields: { o_status: { name: 'status', label: 'Status', type: 'string', colors: { done: '#00ff00', bad: 'url(x)' } }, o_n: { name: 'n', label: 'Orders', type: 'count' }, o_day: { name: 'day', label: 'Day', type: 'date' }, ...more.fields },
    explore: { name: 'o', tables: {} },
    chart: {
      uuid: 'c', name: 'c', tableName: 'o', chartConfig: config as ChartResults['chart']['chartConfig'],
      metricQuery: { dimensions: more.dimensions ?? ['o_status'], metrics: more.metrics ?? ['o_n'] }, ...more.chart,
    },
  }
}

describe('cartesian charts', () => {
  const bar = (y: string, more = {}) => ({ type: 'bar', encode: { xRef: { field: 'o_status' }, yRef: { field: y } }, ...more })
  const rows = [{ o_status: cell('done'), o_n: cell(3) }, { o_status: cell('open'), o_n: cell(2) }]

  test('take categories in the order of the rows and colours from the model, when those are colours', () => {
    const chart = describeCartesian(results({ type: 'cartesian', config: { layout: { xField: 'o_status', yField: ['o_n'] }, eChartsConfig: { series: [bar('o_n')] } } }, rows))
    expect(chart.categories.map((c) => c.formatted)).toEqual(['done', 'open'])
    expect(chart.series.map((s) => [s.name, s.kind, s.cells.map((c) => c?.raw)])).toEqual([['Orders', 'bar', [3, 2]]])
    expect(chart.categoryColours).toEqual(['#00ff00', undefined])
    expect(chart.legend).toBe(false)
  })

  test('make a series of each value of the pivot, with gaps where there is no row', () => {
    const pivoted = [
      { o_day: cell('2025-01-01'), o_status: cell('done'), o_n: cell(3) },
      { o_day: cell('2025-01-02'), o_status: cell('done'), o_n: cell(4) },
      { o_day: cell('2025-01-02'), o_status: cell('open'), o_n: cell(5) },
    ]
    const chart = describeCartesian(results(
      { type: 'cartesian', config: { layout: { xField: 'o_day', yField: ['o_n'] }, eChartsConfig: { series: [bar('o_n', { stack: 'all' })] } } },
      pivoted, { dimensions: ['o_day', 'o_status'], chart: { pivotConfig: { columns: ['o_status'] } } }))
    expect(chart.series.map((s) => [s.name, s.stack, s.cells.map((c) => c?.raw ?? null)])).toEqual([['done', 'all', [3, 4]], ['open', 'all', [null, 5]]])
    const covered = spans(chart.series)
    expect(covered[1]).toEqual([null, { from: 4, to: 9 }])
    expect(outermost(chart.series, covered)).toEqual([[true, false], [false, true]])
    expect(slots(chart.series).count).toBe(1)
  })

  test('keep their series in place when rows come in another order', () => {
    const row = (day: string, status: string) => ({ o_day: cell(day), o_status: cell(status), o_n: cell(1) })
    const names = (rows: ChartResults['rows'], sorts: object[] = []) => {
      const r = results({ type: 'cartesian', config: { layout: { xField: 'o_day', yField: ['o_n'] } } }, rows, { dimensions: ['o_day', 'o_status'], chart: { pivotConfig: { columns: ['o_status'] } } })
      Object.assign(r.chart.metricQuery, { sorts })
      return describeCartesian(r).series.map((s) => s.name)
    }
    expect(names([row('1', 'b'), row('1', 'a')])).toEqual(['a', 'b'])
    expect(names([row('1', 'b'), row('1', 'a')], [{ fieldId: 'o_status', descending: true }])).toEqual(['b', 'a'])
  })

  test('leave a pivot out that the rows do not carry', () => {
    const chart = describeCartesian(results({ type: 'cartesian', config: { layout: { xField: 'o_status', yField: ['o_n'] } } }, rows, { chart: { pivotConfig: { columns: ['elsewhere'] } } }))
    expect(chart.series).toHaveLength(1)
  })

  test('hide what the chart hides and survive a chart without any config', () => {
    const hidden = describeCartesian(results({ type: 'cartesian', config: { layout: { xField: 'o_status', yField: ['o_n', 'o_m'] }, eChartsConfig: { series: [bar('o_n'), bar('o_m', { hidden: true })] } } }, rows))
    expect(hidden.series.map((s) => s.id)).toEqual(['o_n'])
    expect(describeCartesian(results({ type: 'cartesian' }, rows)).series[0]?.cells.map((c) => c?.raw)).toEqual([3, 2])
  })

  test('break a line at a missing value', () => expect(segments([[0, 1], null, [2, 3], [3, 4]])).toEqual([[[0, 1]], [[2, 3], [3, 4]]]))

  test('stack values below zero downwards', () => {
    const s = (raw: number) => ({ id: String(raw), name: '', kind: 'bar' as const, right: false, stack: 'a', smooth: false, labels: false, cells: [{ raw, formatted: '' }] })
    expect(spans([s(5), s(-2), s(3), s(-1)]).map((c) => c[0])).toEqual([{ from: 0, to: 5 }, { from: 0, to: -2 }, { from: 5, to: 8 }, { from: -2, to: -3 }])
  })
})

describe('pies', () => {
  test('order by size, add up equal labels and leave nothing and negatives out', () => {
    const pie = describePie(results({ type: 'pie', config: { groupFieldIds: ['o_status'], metricId: 'o_n' } }, [
      { o_status: cell('open'), o_n: cell(1) }, { o_status: cell('done'), o_n: cell(2) }, { o_status: cell('done'), o_n: cell(1) }, { o_status: cell('lost'), o_n: cell(-5) }, { o_status: cell('none'), o_n: cell(null, '∅') },
    ]))
    expect(pie.slices.map((s) => [s.label, s.value, s.share, s.cell.formatted])).toEqual([['done', 3, 0.75, '3'], ['open', 1, 0.25, '1']])
  })
  test('draw a whole ring when there is one part only', () => {
    expect(ringPath(0, 1, 100, 60)).toBe('M0,-100A100,100 0 1 1 0,100A100,100 0 1 1 0,-100ZM0,-60A60,60 0 1 1 0,60A60,60 0 1 1 0,-60Z')
    expect(ringPath(0, 0.25, 100, 0)).toBe('M0,-100A100,100 0 0 1 100,0L0,0Z')
  })
  test('gather what is too small to tell apart', () => {
    const pie = describePie(results({ type: 'pie' }, Array.from({ length: 30 }, (_, i) => ({ o_status: cell(`s${i}`), o_n: cell(30 - i) }))))
    expect(pie.slices).toHaveLength(12)
    expect(pie.slices.at(-1)?.label).toBe('19 others')
    expect(pie.slices.reduce((sum, s) => sum + s.share, 0)).toBeCloseTo(1)
  })
})

describe('big numbers', () => {
  const rows = [{ o_n: cell(1500, '$1,500.00') }, { o_n: cell(1000, '$1,000.00') }]
  test('show the first row as the server formatted it', () => {
    expect(describeBigNumber(results({ type: 'big_number', config: { label: 'All orders' } }, rows))).toMatchObject({ text: '$1,500.00', raw: '1500', label: 'All orders', change: undefined })
  })
  test('compare with the next row', () => {
    const change = (config: object) => describeBigNumber(results({ type: 'big_number', config: { showComparison: true, ...config } }, rows)).change
    expect(change({ comparisonFormat: 'percentage' })).toMatchObject({ text: '+50%', good: true })
    expect(change({ comparisonFormat: 'raw', flipColors: true })).toMatchObject({ text: '+$500.00', good: false, bad: true })
  })
  test('shorten when the chart asks for it', () => expect(describeBigNumber(results({ type: 'big_number', config: { style: 'thousands' } }, rows)).text).toBe('$1.5K'))
})

describe('tables', () => {
  test('follow the saved order of columns and leave hidden ones out', () => {
    const table = describeTable(results({ type: 'table', config: { columns: { b: { visible: false }, c: { name: 'Renamed' } } } }, [{ a: cell(1), b: cell(2), c: cell(3) }], { dimensions: ['a', 'b'], metrics: ['c'], chart: { tableConfig: { columnOrder: ['c', 'a', 'b'] } } }))
    expect(table.columns.map((c) => c.label)).toEqual(['Renamed', 'A'])
    expect(table.rows[0]?.map((c) => c?.raw)).toEqual([3, 1])
  })
  test('pivot in the order of first appearance', () => {
    const table = describeTable(results({ type: 'table' }, [
      { o_day: cell('b'), o_status: cell('x'), o_n: cell(1) }, { o_day: cell('b'), o_status: cell('y'), o_n: cell(2) }, { o_day: cell('a'), o_status: cell('y'), o_n: cell(3) },
    ], { dimensions: ['o_day', 'o_status'], chart: { pivotConfig: { columns: ['o_status'] } } }))
    expect(table.columns.map((c) => [...c.group, c.label])).toEqual([['', 'Day'], ['x', 'Orders'], ['y', 'Orders']])
    expect(table.rows.map((r) => r.map((c) => c?.raw ?? null))).toEqual([['b', 1, 2], ['a', null, 3]])
  })
  test('sort numbers as numbers, texts naturally, and nothing last', () => {
    const sorted = (values: unknown[], down = false) => sortRows(values.map((raw) => [{ raw, formatted: '' }]), 0, down).map((r) => r[0]?.raw)
    expect(sorted([10, null, 9, 2])).toEqual([2, 9, 10, null])
    expect(sorted([10, null, 9, 2], true)).toEqual([10, 9, 2, null])
    expect(sorted(['b10', 'b9', 'a'])).toEqual(['a', 'b9', 'b10'])
  })
  test('colour cells by rules, never by anything but a colour', () => {
    const rule = (color: string) => [{ color, rules: [{ operator: 'greaterThan', values: [300] }], target: { fieldId: 'o_n' } }]
    expect(conditionalColour(rule('#63c654'), 'o_n', { raw: 301, formatted: '' })).toBe('#63c654')
    expect(conditionalColour(rule('#63c654'), 'o_n', { raw: 300, formatted: '' })).toBeUndefined()
    expect(conditionalColour(rule('#63c654'), 'other', { raw: 301, formatted: '' })).toBeUndefined()
    expect(conditionalColour(rule('url(https://x)'), 'o_n', { raw: 301, formatted: '' })).toBeUndefined()
  })
})
