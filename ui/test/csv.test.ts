import { expect, test } from 'vitest'
import { toCSV } from '../src/csv'
import type { ChartResults } from '../src/wire'

const cell = (raw: unknown, formatted = String(raw)) => ({ value: { raw, formatted } })

test('a file holds raw numbers, quoted texts and no formulas', () => {
  const results = {
    rows: [{ name: cell('a "b", c'), n: cell(1234.5, '$1,234.50') }, { name: cell('=1+1'), n: cell(-2) }, { name: cell(null, '∅'), n: cell(null, '∅') }],
    fields: { name: { name: 'name', label: 'Name' }, n: { name: 'n', label: 'Sum, in $' } },
    chart: { metricQuery: { dimensions: ['name'], metrics: ['n'] }, chartConfig: { type: 'table' } },
  } as unknown as ChartResults
  expect(toCSV(results)).toBe('Name,"Sum, in $"\r\n"a ""b"", c",1234.5\r\n\'=1+1,-2\r\n,\r\n')
})
