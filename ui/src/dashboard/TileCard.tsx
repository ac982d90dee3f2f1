import type { ComponentChildren, JSX } from 'preact'
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { Api } from '../api'
import { BigNumberChart } from '../charts/BigNumber'
import { describeBigNumber } from '../charts/big'
import { CartesianChart } from '../charts/Cartesian'
import { describeCartesian, describePie } from '../charts/describe'
import { choosePalette } from '../charts/palette'
import { PieChart } from '../charts/Pie'
import { TableChart } from '../charts/Table'
import { filtersFor } from '../filters'
import { saveFile, toCSV } from '../csv'
import { safeLink } from '../links'
import { Markdown } from '../markdown'
import { Message, Skeleton } from '../states'
import type { Theme } from '../theme'
import type { ChartResults, DashboardFilters, TableConfig, Tile } from '../wire'
import type { Place } from './layout'
import { useTileResults } from './useTileResults'

export interface Context {
  api: Api
  dashboard: string
  theme: Theme
  locale?: string
  filters: DashboardFilters
  filtered: boolean // whether any filter is in force, for the words of an empty tile
  epoch: number // raised to ask for everything again
  exportable: boolean
  onDownload(tile: string, title: string, rows: number): void
  onResults(tile: string, results: ChartResults): void
  onError(tile: string, error: unknown): void
}

export function TileCard({ place, context }: { place: Place; context: Context }): JSX.Element {
  const { tile } = place
  const style = { '--x': place.x + 1, '--y': place.y + 1, '--w': place.w, '--h': place.h }
  const Body = tile.type === 'saved_chart' ? ChartTile : tile.type === 'markdown' ? MarkdownTile : OtherTile
  return (
    <section class={`tile tile-${tile.type.replace(/[^a-z_]/g, '')}${place.h <= 2 ? ' compact' : ''}`} style={style} data-tile={tile.uuid} aria-label={titleOf(tile)}>
      <Body tile={tile} context={context} />
    </section>
  )
}

function titleOf(tile: Tile): string {
  return tile.properties.title || tile.properties.chartName || 'Untitled'
}

function Header({ tile, children }: { tile: Tile; children?: ComponentChildren }): JSX.Element | null {
  if (tile.properties.hideTitle || (!tile.properties.title && !tile.properties.chartName)) return null
  return <header class="tile-header"><h2 title={titleOf(tile)}>{titleOf(tile)}</h2>{children}</header>
}

function ChartTile({ tile, context }: { tile: Tile; context: Context }): JSX.Element {
  const results = useTileResults(context, tile)
  const { state } = results
  const kind = tile.properties.lastVersionChartKind
  return (
    <>
      <Header tile={tile}>
        {context.exportable && state.kind === 'ready' && state.results.rows.length > 0 && <Download results={state.results} tile={tile} context={context} />}
      </Header>
      <div class="tile-body" data-state={results.busy && state.kind === 'ready' ? 'refreshing' : state.kind} aria-busy={results.busy}>
        {state.kind === 'loading' && <Skeleton kind={kind} />}
        {state.kind === 'failed' && (
          <Message
            notice={state.notice}
            action={state.notice.problem !== 'forbidden' && state.notice.problem !== 'missing' && state.notice.problem !== 'expired' && <button type="button" class="button" onClick={results.again}>Try again</button>}
          />
        )}
        {state.kind === 'ready' && (state.results.rows.length === 0
          ? <Message notice={{ problem: 'empty', title: 'No data', hint: context.filtered ? 'Nothing matches these filters. Try widening them.' : 'There is nothing to show here yet.' }} />
          : <ChartBody results={state.results} title={titleOf(tile)} tile={tile} context={context} />)}
      </div>
    </>
  )
}

function Download({ results, tile, context }: { results: ChartResults; tile: Tile; context: Context }): JSX.Element {
  const title = titleOf(tile)
  const save = () => {
    saveFile(`${title}.csv`, 'text/csv;charset=utf-8', toCSV(results))
    context.onDownload(tile.uuid, title, results.rows.length)
  }
  return (
    <button type="button" class="tile-action" title="Download as CSV" aria-label={`Download ${title} as CSV`} onClick={save}>
      <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true"><path d="M8 2v8M4.5 7 8 10.5 11.5 7M3 13.5h10" /></svg>
    </button>
  )
}

function ChartBody({ results, title, tile, context }: { results: ChartResults; title: string; tile: Tile; context: Context }): JSX.Element {
  const { theme, locale } = context
  const colours = useMemo(() => choosePalette(theme.palette, results.chart.colorPalette, theme.primary), [theme, results])
  const { type } = results.chart.chartConfig
  const chart = useMemo(
    () => (type === 'cartesian' ? describeCartesian(results) : type === 'pie' ? describePie(results) : undefined),
    [results, type],
  )
  if (type === 'big_number') return <BigNumberChart chart={describeBigNumber(results)} above={tile.properties.hideTitle ? undefined : title} />
  if (chart?.kind === 'cartesian') return <Sized>{(width, height) => <CartesianChart {...{ chart, title, width, height, colours, locale }} />}</Sized>
  if (chart?.kind === 'pie' && chart.slices.length > 0) return <Sized>{(width, height) => <PieChart {...{ chart, title, width, height, colours, locale }} />}</Sized>
  // Whatever has no drawing of its own is still readable as a table.
  return <TotalledTable results={results} title={title} tile={tile} context={context} />
}

function TotalledTable({ results, title, tile, context }: { results: ChartResults; title: string; tile: Tile; context: Context }): JSX.Element {
  const config = (results.chart.chartConfig.config ?? {}) as TableConfig
  const wanted = results.chart.chartConfig.type === 'table' && config.showColumnCalculation === true && !results.chart.pivotConfig?.columns?.length
  const [totals, setTotals] = useState<Record<string, unknown>>()
  useEffect(() => {
    setTotals(undefined)
    if (!wanted) return
    const stop = new AbortController()
    // A table without its total is still right, so a failed total leaves the row away.
    context.api.chartTotals(results.chart.uuid, filtersFor(tile.uuid, context.filters, results.explore), stop.signal).then(setTotals, () => undefined)
    return () => stop.abort()
  }, [results, wanted])
  return <TableChart results={results} title={title} totals={totals} />
}

/** Draws its child once the size of the space is known, and again when it changes. */
function Sized({ children }: { children: (width: number, height: number) => JSX.Element }): JSX.Element {
  const box = useRef<HTMLDivElement>(null)
  const [size, setSize] = useState<[number, number]>()
  useEffect(() => {
    const element = box.current
    if (!element) return
    const watch = new ResizeObserver(() => setSize([Math.floor(element.clientWidth), Math.floor(element.clientHeight)]))
    watch.observe(element)
    return () => watch.disconnect()
  }, [])
  return <div class="sized" ref={box}>{size && size[0] > 0 && children(size[0], Math.max(size[1], 80))}</div>
}

function MarkdownTile({ tile }: { tile: Tile; context: Context }): JSX.Element {
  return (
    <>
      <Header tile={tile} />
      <div class="tile-body scroll" data-state="ready"><Markdown text={tile.properties.content ?? ''} /></div>
    </>
  )
}

const OTHER: Record<string, string> = { loom: 'Video', sql_chart: 'SQL chart', semantic_viewer_chart: 'Semantic chart' }

/** A tile that this page does not draw; a video is linked, not loaded. */
function OtherTile({ tile }: { tile: Tile; context: Context }): JSX.Element {
  const href = safeLink(tile.properties.url ?? '')
  const kind = Object.hasOwn(OTHER, tile.type) ? OTHER[tile.type] : 'Tile'
  return (
    <>
      <Header tile={tile} />
      <div class="tile-body" data-state="ready">
        <div class="placeholder">
          <svg viewBox="0 0 24 24" width="28" height="28" aria-hidden="true">{tile.type === 'loom' ? <path d="M4 6h16v12H4ZM10 9.5v5l4.5-2.5Z" /> : <path d="M4 5h16v14H4ZM4 9h16M9 9v10" />}</svg>
          <p>{href ? <a href={href} target="_blank" rel="noopener noreferrer">Open {(kind ?? '').toLowerCase()}</a> : `${kind} – not shown here`}</p>
        </div>
      </div>
    </>
  )
}
