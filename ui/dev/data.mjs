// A made-up shop in the shapes that the native API answers with.

const MONTHS = ['2025-01', '2025-02', '2025-03', '2025-04', '2025-05', '2025-06', '2025-07', '2025-08', '2025-09', '2025-10', '2025-11', '2025-12']
const usd = (n) => ({ raw: n, formatted: new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD' }).format(n) })
const int = (n) => ({ raw: n, formatted: new Intl.NumberFormat('en-US').format(n) })
const pct = (n) => ({ raw: n, formatted: `${(n * 100).toFixed(1)}%` })
const str = (s) => ({ raw: s, formatted: s ?? '∅' })
const month = (m) => ({ raw: `${m}-01T00:00:00Z`, formatted: m })
const row = (cells) => Object.fromEntries(Object.entries(cells).map(([id, value]) => [id, { value }]))

const dimension = (name, label, type, more = {}) => ({ name, label, type, table: 'orders', tableLabel: 'Orders', fieldType: 'dimension', hidden: false, ...more })
const metric = (name, label, type, more = {}) => ({ ...dimension(name, label, type, more), fieldType: 'metric' })

const FIELDS = {
  orders_status: dimension('status', 'Status', 'string'),
  orders_region: dimension('region', 'Region', 'string'),
  orders_is_completed: dimension('is_completed', 'Is completed', 'boolean'),
  orders_order_date_month: dimension('order_date_month', 'Order date month', 'date', { timeInterval: 'MONTH' }),
  orders_order_date: dimension('order_date', 'Order date', 'date'),
  orders_amount: dimension('amount', 'Amount', 'number'),
  orders_customer: dimension('customer', 'Customer', 'string'),
  orders_channel: dimension('channel', 'Channel', 'string'),
  orders_revenue: metric('revenue', 'Revenue', 'sum', { format: 'usd' }),
  orders_order_count: metric('order_count', 'Orders', 'count'),
  orders_return_rate: metric('return_rate', 'Return rate', 'average', { format: 'percent' }),
}

export const EXPLORE = {
  name: 'orders', label: 'Orders', tags: [],
  tables: { orders: { name: 'orders', label: 'Orders', dimensions: {}, metrics: {} } },
}
for (const f of Object.values(FIELDS)) EXPLORE.tables.orders[f.fieldType === 'metric' ? 'metrics' : 'dimensions'][f.name] = f

export const REGIONS = ['North America', 'Europe', 'Asia Pacific', 'Latin America']
export const STATUSES = ['completed', 'placed', 'return_pending', 'returned', 'shipped']
const wave = (i, base, swing, slope = 0) => Math.round((base + swing * Math.sin(i / 1.7 + base) + slope * i) * 100) / 100

const series = (type, y, more = {}) => ({ type, encode: { xRef: { field: 'x' }, yRef: { field: y } }, yAxisIndex: 0, ...more })

function chart(name, kind, dimensions, metrics, chartConfig, rows, more = {}) {
  const ids = [...dimensions, ...metrics]
  return {
    name, kind, rows: rows.map(row),
    chart: {
      name, description: null, tableName: 'orders',
      metricQuery: { exploreName: 'orders', dimensions, metrics, filters: {}, sorts: [], limit: 500, tableCalculations: [] },
      chartConfig, tableConfig: { columnOrder: ids }, ...more,
    },
    fields: Object.fromEntries(ids.map((id) => [id, FIELDS[id]])),
  }
}

const NAMES = ['Alder & Ash', 'Blue Heron Books', 'Corner Bakery', 'Delta Bikes', 'Elm Street Toys', 'Foxglove Florist', 'Grand Garage', 'Harbour Tea', 'Ivy Interiors', 'Juniper Labs', 'Kite Works', 'Lark Coffee', 'Maple Music', 'Nova Optics', 'Oak & Iron', 'Pine Outdoor', 'Quill Paper', 'Rowan Foods', 'Salt Ceramics', 'Tern Travel']

export const CHARTS = {
  revenue: chart('Revenue', 'big_number', [], ['orders_revenue'], { type: 'big_number', config: { label: 'Revenue', showComparison: true, comparisonFormat: 'percentage', comparisonLabel: 'compared to last year' } }, [{ orders_revenue: usd(1284390.5) }, { orders_revenue: usd(1126200) }]),
  orders: chart('Orders', 'big_number', [], ['orders_order_count'], { type: 'big_number', config: { label: 'Orders', showComparison: true, comparisonFormat: 'raw', comparisonLabel: 'compared to last year' } }, [{ orders_order_count: int(18432) }, { orders_order_count: int(18720) }]),
  returns: chart('Return rate', 'big_number', [], ['orders_return_rate'], { type: 'big_number', config: { label: 'Returned orders' } }, [{ orders_return_rate: pct(0.0413) }]),
  trend: chart('Revenue and orders by month', 'line', ['orders_order_date_month'], ['orders_revenue', 'orders_order_count'],
    { type: 'cartesian', config: { layout: { xField: 'orders_order_date_month', yField: ['orders_revenue', 'orders_order_count'] }, eChartsConfig: { series: [series('line', 'orders_revenue', { areaStyle: {}, smooth: true }), series('line', 'orders_order_count', { yAxisIndex: 1, smooth: true })] } } },
    MONTHS.map((m, i) => ({ orders_order_date_month: month(m), orders_revenue: usd(wave(i, 92000, 14000, 2900)), orders_order_count: int(Math.round(wave(i, 1400, 180, 28))) }))),
  regions: chart('Revenue by region', 'pie', ['orders_region'], ['orders_revenue'], { type: 'pie', config: { isDonut: true, metricId: 'orders_revenue', groupFieldIds: ['orders_region'], showValue: true, showPercentage: true, showLegend: true } },
    REGIONS.map((r, i) => ({ orders_region: str(r), orders_revenue: usd([612300.25, 388900, 204100.75, 79089.5][i]) }))),
  channels: chart('Orders per channel', 'horizontal_bar', ['orders_channel'], ['orders_order_count'], { type: 'cartesian', config: { layout: { xField: 'orders_channel', yField: ['orders_order_count'], flipAxes: true }, eChartsConfig: { series: [series('bar', 'orders_order_count', { label: { show: false } })] } } },
    ['Organic search', 'Newsletter', 'Partner referrals', 'Paid social', 'Marketplace', 'Direct'].map((c, i) => ({ orders_channel: str(c), orders_order_count: int([5210, 4120, 3377, 2410, 1932, 1383][i]) }))),
  stacked: chart('Revenue by region each month', 'vertical_bar', ['orders_order_date_month', 'orders_region'], ['orders_revenue'],
    { type: 'cartesian', config: { layout: { xField: 'orders_order_date_month', yField: ['orders_revenue'] }, eChartsConfig: { series: [series('bar', 'orders_revenue', { stack: 'orders_revenue' })] } } },
    MONTHS.flatMap((m, i) => REGIONS.map((r, j) => ({ orders_order_date_month: month(m), orders_region: str(r), orders_revenue: usd(wave(i + j, [44000, 30000, 16000, 6500][j], [6000, 4500, 3000, 1200][j], 900 - j * 160)) }))),
    { pivotConfig: { columns: ['orders_region'] } }),
  grouped: chart('Completed and returned orders', 'vertical_bar', ['orders_region'], ['orders_order_count', 'orders_revenue'],
    { type: 'cartesian', config: { layout: { xField: 'orders_region', yField: ['orders_order_count', 'orders_revenue'] }, eChartsConfig: { series: [series('bar', 'orders_order_count', { name: 'Completed', label: { show: true } }), series('bar', 'orders_revenue', { name: 'Returned' })] } } },
    REGIONS.map((r, i) => ({ orders_region: str(r), orders_order_count: int([820, 640, 410, 190][i]), orders_revenue: int([-62, -41, -38, -12][i]) }))),
  customers: chart('Top customers', 'table', ['orders_customer', 'orders_region', 'orders_status'], ['orders_revenue', 'orders_order_count', 'orders_return_rate'],
    { type: 'table', config: { showColumnCalculation: true, conditionalFormattings: [{ color: '#e0564f', rules: [{ operator: 'greaterThan', values: [0.08] }], target: { fieldId: 'orders_return_rate' } }] } },
    NAMES.map((n, i) => ({ orders_customer: str(n), orders_region: str(REGIONS[i % 4]), orders_status: i === 4 ? { raw: null, formatted: '∅' } : str(STATUSES[i % 5]), orders_revenue: usd(Math.round(98231.4 / (i + 1) ** 0.7 * 100) / 100), orders_order_count: int(Math.round(912 / (i + 1) ** 0.6)), orders_return_rate: pct(((i * 37) % 11) / 100) }))),
  pivot: chart('Orders by region and status', 'table', ['orders_region', 'orders_status'], ['orders_order_count'], { type: 'table', config: {} },
    REGIONS.flatMap((r, i) => STATUSES.map((s, j) => ({ orders_region: str(r), orders_status: str(s), orders_order_count: int(Math.round(900 / (i + 1) / (j + 1))) }))), { pivotConfig: { columns: ['orders_status'] } }),
  many: chart('Average spend of each customer', 'horizontal_bar', ['orders_customer'], ['orders_revenue'], { type: 'cartesian', config: { layout: { xField: 'orders_customer', yField: ['orders_revenue'], flipAxes: true }, eChartsConfig: { series: [series('bar', 'orders_revenue')] } } },
    Array.from({ length: 62 }, (_, i) => ({ orders_customer: int(i + 1), orders_revenue: usd(Math.round(3000 / (i + 1) ** 0.3) / 100) }))),
  daily: chart('Orders per day', 'line', ['orders_order_date'], ['orders_order_count'], { type: 'cartesian', config: { layout: { xField: 'orders_order_date', yField: ['orders_order_count'] }, eChartsConfig: { series: [series('line', 'orders_order_count')] } } },
    Array.from({ length: 99 }, (_, i) => { const d = new Date(Date.UTC(2025, 0, 1 + i)).toISOString().slice(0, 10); return { orders_order_date: { raw: `${d}T00:00:00Z`, formatted: d }, orders_order_count: i % 23 === 9 ? { raw: null, formatted: '∅' } : int(Math.round(wave(i, 48, 9, 0.2))) } })),
}
for (const [id, c] of Object.entries(CHARTS)) c.chart.uuid = id

const tile = (x, y, w, h, id, more = {}) => ({ uuid: `tile-${id}`, type: 'saved_chart', x, y, w, h, tabUuid: 'tab-1', properties: { title: '', hideTitle: false, savedChartUuid: id, chartName: CHARTS[id]?.name ?? id, lastVersionChartKind: CHARTS[id]?.kind ?? null, belongsToDashboard: false, ...more } })
const note = (x, y, w, h, id, title, content, tab = 'tab-1') => ({ uuid: `tile-${id}`, type: 'markdown', x, y, w, h, tabUuid: tab, properties: { title, hideTitle: false, content } })
const on2 = (t) => ({ ...t, tabUuid: 'tab-2' })

export const DASHBOARD = {
  uuid: '8b1f3c1e-0000-4000-8000-000000000001', organizationUuid: 'o', projectUuid: 'p1', name: 'Sales overview', description: 'How the shop is doing this year, updated every hour.',
  tabs: [{ uuid: 'tab-2', name: 'Details', order: 1 }, { uuid: 'tab-1', name: 'Overview', order: 0 }],
  filters: {
    dimensions: [
      { id: 'f1', target: { fieldId: 'orders_region', tableName: 'orders' }, operator: 'equals', values: [], disabled: true, label: 'Region' },
      { id: 'f2', target: { fieldId: 'orders_is_completed', tableName: 'orders' }, operator: 'equals', values: [true] },
      { id: 'f3', target: { fieldId: 'orders_order_date', tableName: 'orders' }, operator: 'inThePast', values: [12], settings: { unitOfTime: 'months', completed: true } },
      { id: 'f4', target: { fieldId: 'orders_amount', tableName: 'orders' }, operator: 'greaterThan', values: [10] },
    ], metrics: [], tableCalculations: [],
  },
  tiles: [
    tile(0, 0, 9, 4, 'revenue', { hideTitle: true }), tile(9, 0, 9, 4, 'orders', { hideTitle: true }), tile(18, 0, 9, 4, 'returns', { hideTitle: true }),
    note(27, 0, 9, 4, 'note', '', '**Good to know** – figures leave out test orders. See the [handbook](https://example.com/handbook).'),
    tile(0, 4, 22, 9, 'trend'), tile(22, 4, 14, 9, 'regions'),
    tile(0, 13, 22, 9, 'stacked'), tile(22, 13, 14, 9, 'channels'),
    tile(0, 22, 36, 10, 'customers'),
    on2(tile(0, 0, 18, 9, 'grouped')), on2(tile(18, 0, 18, 9, 'daily')), on2(tile(0, 9, 18, 9, 'pivot')), on2(tile(18, 9, 18, 9, 'many')),
    on2({ uuid: 'tile-loom', type: 'loom', x: 0, y: 18, w: 12, h: 6, properties: { title: 'A short tour', url: 'https://www.loom.com/share/abc', hideTitle: false } }),
    note(12, 18, 24, 6, 'md', 'Notes', '### What changed\n\n- **Returns** are counted on the day they arrive\n- Prices are *net*\n\n> Ask before you forward this.\n\n| term | meaning |\n|---|---|\n| AOV | `revenue / orders` |\n\n<img src=x onerror=alert(1)> [x](javascript:alert(1))', 'tab-2'),
    on2(tile(0, 24, 12, 6, 'broken')), on2(tile(12, 24, 12, 6, 'nothing')), on2(tile(24, 24, 12, 6, 'slow')),
  ],
}
