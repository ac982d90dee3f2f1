import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { describeBigNumber } from '../src/charts/big'
import { describeCartesian, describePie } from '../src/charts/describe'
import { describeTable } from '../src/charts/table'
import type { ChartResults, Row } from '../src/wire'

/** The folder with recordings of the reference server: named by INLAY_SHARED, or beside a folder above this one. */
function findRecordings(): string | undefined {
  if (process.env['INLAY_SHARED']) return join(process.env['INLAY_SHARED'], 'conformance')
  for (let at = dirname(fileURLToPath(import.meta.url)); at !== dirname(at); at = dirname(at)) {
    if (existsSync(join(at, 'shared/conformance'))) return join(at, 'shared/conformance')
  }
  return undefined
}

const folder = findRecordings()
const read = <T>(name: string): T => JSON.parse(readFileSync(join(folder ?? '', name), 'utf8')) as T

interface Step { name: string; path: string; expect: { status: number; json?: { results: ChartResults } } | null }
type Saved = ChartResults['chart']

const describeAny = (r: ChartResults) => {
  const { type } = r.chart.chartConfig
  return type === 'cartesian' ? describeCartesian(r) : type === 'pie' ? describePie(r) : type === 'big_number' ? describeBigNumber(r) : describeTable(r)
}

describe.skipIf(!folder)('what the reference server answered', () => {
  const steps = folder ? read<{ steps: Step[] }>('scenarios/26_dashboards.json').steps : []
  const answers = steps.filter((s) => s.path.endsWith('/chart-and-results') && s.expect?.status === 200)

  test.each(answers.map((s) => [s.name, s] as const))('can be drawn: %s', (_, step) => {
    const chart = describeCartesian(step.expect?.json?.results as ChartResults)
    expect(chart.categories.map((c) => c.formatted)).toEqual(['completed'])
    expect(chart.series.map((s) => [s.name, s.cells[0]?.raw])).toEqual([['Unique order count', 67]])
  })

  const charts = folder ? read<{ charts: Saved[] }>('fixtures.json').charts : []
  test.each(charts.map((c) => [c.name, c] as const))('can be drawn from a chart that it holds: %s', (_, chart) => {
    const q = chart.metricQuery
    const ids = [...q.dimensions, ...q.metrics, ...(q.tableCalculations ?? []).map((c) => c.name)]
    const rows: Row[] = [1, 2, 3].map((n) => Object.fromEntries(ids.map((id) => [id, { value: q.dimensions.includes(id) ? { raw: `v${n}`, formatted: `v${n}` } : { raw: n, formatted: `$${n}.00` } }])))
    const results = { chart, rows, fields: {}, explore: { name: 'x', tables: {} } }
    expect(JSON.stringify(describeAny(results))).toContain('$1.00')
    expect(() => describeAny({ ...results, rows: [] })).not.toThrow()
  })
})
