import type { ComponentChildren, JSX } from 'preact'
import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { FilterParameter, Options } from '../address'
import { ApiError, type Api } from '../api'
import { applyParameters } from '../filters'
import { FilterBar } from '../filterbar/FilterBar'
import type { Host } from '../host'
import type { Theme } from '../theme'
import type { ChartResults, Dashboard as Document, DashboardFilters, Explore, View } from '../wire'
import { orderedTabs, place, tilesOf } from './layout'
import { TileCard, type Context } from './TileCard'

interface Props {
  api: Api
  view: View
  document: Document
  options: Options
  theme: Theme
  host?: Host
  epoch: number
  pushed: FilterParameter[] // set by the product around the page
  expired: boolean
  onExpired(): void
  header?: ComponentChildren
}

/** One dashboard: title, filters, tabs and tiles. It stays mounted while credentials, themes and filters change. */
export function Dashboard({ api, view, document, options, theme, host, epoch, pushed, expired, onExpired, header }: Props): JSX.Element {
  const initial = useMemo(() => applyParameters(normal(document.filters), options.filters), [document, options])
  const [filters, setFilters] = useState<DashboardFilters>(initial)
  const [explores, setExplores] = useState<ReadonlyMap<string, Explore>>(new Map())
  const tabs = useMemo(() => orderedTabs(document), [document])
  const [tab, setTab] = useState<string | undefined>(tabs[0]?.uuid)
  const places = useMemo(() => place(tilesOf(document, tabs, tab)), [document, tabs, tab])
  const loaded = useRef(new Set<string>())
  const started = useRef(performance.now())

  useEffect(() => setFilters(initial), [initial])
  useEffect(() => {
    if (pushed.length > 0) setFilters((now) => applyParameters(now, pushed))
  }, [pushed])

  const settled = (tile: string) => {
    const charts = places.filter((p) => p.tile.type === 'saved_chart').map((p) => p.tile.uuid)
    const before = charts.every((id) => loaded.current.has(id))
    loaded.current.add(tile)
    if (!before && charts.every((id) => loaded.current.has(id))) {
      host?.emit('dashboard-loaded', { publicId: view.dashboardUuid, widgetCount: places.length, loadDurationMs: Math.round(performance.now() - started.current) })
    }
  }
  const onResults = useCallback((tile: string, { explore }: ChartResults) => {
    setExplores((known) => (known.has(explore.name) ? known : new Map(known).set(explore.name, explore)))
    settled(tile)
  }, [places])
  const onError = useCallback((tile: string, error: unknown) => {
    const problem = error instanceof ApiError ? error.problem : 'broken'
    if (problem === 'expired') return onExpired()
    host?.emit('error', { message: 'A tile could not be shown.', name: problem, context: tile, fatal: false })
    settled(tile)
  }, [places, onExpired])

  const context: Context = {
    api, dashboard: document.uuid, theme, locale: options.locale, filters, epoch, onResults, onError, exportable: options.allowExport,
    onDownload: (tile, title, rowCount) => host?.emit('download', { format: 'csv', target: 'widget', widgetId: tile, title, rowCount }),
    filtered: [...filters.dimensions, ...filters.metrics].some((f) => !f.disabled),
  }
  const switchedOff = (part: string) => options.hidden.has(part)
  const showTabs = tabs.length > 1 && view.permissions?.['disableTabs'] !== true
  const changed = JSON.stringify(filters) !== JSON.stringify(initial)
  return (
    <div class={expired ? 'dashboard expired' : 'dashboard'} data-dashboard={document.uuid}>
      {!switchedOff('Header') && (
        <div class="dashboard-header">
          {header}
          {!switchedOff('Title') && (
            <div class="dashboard-title">
              <h1>{document.name}</h1>
              {document.description && <p>{document.description}</p>}
            </div>
          )}
        </div>
      )}
      {filters.dimensions.length + filters.metrics.length > 0 && (
        <FilterBar api={api} project={document.projectUuid} filters={filters} explores={explores} changed={changed} onChange={setFilters} onReset={() => setFilters(initial)} />
      )}
      {showTabs && <Tabs tabs={tabs} current={tab} onSelect={setTab} />}
      {places.length === 0
        ? <div class="blank"><p class="message-title">This dashboard is empty</p><p class="message-hint">Charts that are added to it will appear here.</p></div>
        : <div class="grid" id="tiles">{places.map((p) => <TileCard key={p.tile.uuid} place={p} context={context} />)}</div>}
    </div>
  )
}

function normal(filters: Partial<DashboardFilters> | undefined): DashboardFilters {
  return { dimensions: filters?.dimensions ?? [], metrics: filters?.metrics ?? [], tableCalculations: filters?.tableCalculations ?? [] }
}

function Tabs({ tabs, current, onSelect }: { tabs: { uuid: string; name: string }[]; current?: string; onSelect(tab: string): void }): JSX.Element {
  const step = (e: KeyboardEvent) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[e.key]
    if (by === undefined) return
    e.preventDefault()
    const at = (tabs.findIndex((t) => t.uuid === current) + by + tabs.length) % tabs.length
    const next = tabs[at]
    if (next) onSelect(next.uuid)
    ;(e.currentTarget as HTMLElement).querySelectorAll('button')[at]?.focus()
  }
  return (
    <div class="tabs" role="tablist" onKeyDown={step}>
      {tabs.map((t) => (
        <button key={t.uuid} type="button" role="tab" aria-selected={t.uuid === current} aria-controls="tiles" tabIndex={t.uuid === current ? 0 : -1} onClick={() => onSelect(t.uuid)}>{t.name}</button>
      ))}
    </div>
  )
}
