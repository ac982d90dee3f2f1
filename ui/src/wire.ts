// The shapes of the native API that the pages read. Only what is used is named; everything may be missing, because
// charts are saved by other programs too.

export interface Cell {
  raw: unknown
  formatted: string
}

export type Row = Record<string, { value: Cell } | undefined>

export interface View {
  dashboardUuid: string
  projectUuid: string
  name: string
  theme?: Record<string, unknown> | null
  permissions?: Record<string, boolean> | null
  expiresAt?: string | null
}

export interface Target {
  fieldId: string
  tableName: string
}

export interface FilterRule {
  id: string
  label?: string
  target: Target
  operator: string
  values?: unknown[]
  settings?: { unitOfTime?: string; completed?: boolean } | null
  disabled?: boolean
  required?: boolean
  tileTargets?: Record<string, Target | false>
}

export interface DashboardFilters {
  dimensions: FilterRule[]
  metrics: FilterRule[]
  tableCalculations: FilterRule[]
}

export interface TileProperties {
  title?: string
  hideTitle?: boolean
  chartName?: string | null
  savedChartUuid?: string | null
  lastVersionChartKind?: string | null
  content?: string
  url?: string
}

export interface Tile {
  uuid: string
  type: string
  x: number
  y: number
  w: number
  h: number
  tabUuid?: string | null
  properties: TileProperties
}

export interface Tab {
  uuid: string
  name: string
  order: number
}

export interface Dashboard {
  uuid: string
  projectUuid: string
  name: string
  description?: string | null
  tiles: Tile[]
  tabs?: Tab[]
  filters: DashboardFilters
  updatedAt?: string
}

export interface Field {
  name: string
  label?: string
  displayName?: string
  type?: string
  table?: string
  tableLabel?: string
  fieldType?: string
  timeInterval?: string
  format?: unknown
  colors?: Record<string, string>
  description?: string
  hidden?: boolean
}

export interface Explore {
  name: string
  tables: Record<string, { name: string; label: string; dimensions: Record<string, Field>; metrics: Record<string, Field> }>
}

export interface PivotRef {
  field: string
  pivotValues?: { field: string; value: unknown }[]
}

export interface SeriesConfig {
  type?: string
  name?: string
  color?: string
  stack?: string
  hidden?: boolean
  smooth?: boolean
  showSymbol?: boolean
  areaStyle?: object
  yAxisIndex?: number
  label?: { show?: boolean; position?: string }
  encode?: { xRef?: PivotRef; yRef?: PivotRef }
}

export interface CartesianConfig {
  layout?: { xField?: string; yField?: string[]; flipAxes?: boolean; showGridX?: boolean; showGridY?: boolean; stack?: boolean | string }
  eChartsConfig?: {
    series?: SeriesConfig[]
    legend?: { show?: boolean }
    xAxis?: { name?: string }[]
    yAxis?: { name?: string; min?: string; max?: string }[]
  }
}

export interface PieConfig {
  groupFieldIds?: string[]
  metricId?: string
  isDonut?: boolean
  showLegend?: boolean
  showValue?: boolean
  showPercentage?: boolean
  groupLabelOverrides?: Record<string, string>
  groupColorOverrides?: Record<string, string>
  groupSortOverrides?: string[]
}

export interface BigNumberConfig {
  label?: string
  selectedField?: string
  showBigNumberLabel?: boolean
  style?: string
  showComparison?: boolean
  comparisonFormat?: string
  comparisonLabel?: string
  flipColors?: boolean
}

export interface ConditionalRule {
  operator: string
  values?: unknown[]
}

export interface ConditionalFormatting {
  target?: { fieldId: string } | null
  color?: string | { start: string; end: string; steps?: number }
  rules?: ConditionalRule[]
  rule?: { min?: number; max?: number }
}

export interface TableConfig {
  columns?: Record<string, { visible?: boolean; name?: string; frozen?: boolean }>
  hideRowNumbers?: boolean
  showTableNames?: boolean
  showColumnCalculation?: boolean
  showRowCalculation?: boolean
  metricsAsRows?: boolean
  conditionalFormattings?: ConditionalFormatting[]
}

export interface Chart {
  uuid: string
  name: string
  description?: string | null
  tableName: string
  metricQuery: {
    dimensions: string[]
    metrics: string[]
    tableCalculations?: { name: string; displayName?: string }[]
    sorts?: { fieldId: string; descending: boolean }[]
    limit?: number
  }
  chartConfig: { type: string; config?: unknown }
  tableConfig?: { columnOrder?: string[] }
  pivotConfig?: { columns?: string[] } | null
  colorPalette?: string[]
}

export interface ChartResults {
  chart: Chart
  explore: Explore
  rows: Row[]
  fields: Record<string, Field>
  metricQuery?: Chart['metricQuery']
  cacheMetadata?: { cacheHit?: boolean; cacheUpdatedTime?: string }
}

export interface User {
  userUuid: string
  email?: string
  firstName?: string
  lastName?: string
  organizationName?: string
  role?: string
}
