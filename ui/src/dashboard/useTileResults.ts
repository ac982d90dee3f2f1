import { useEffect, useRef, useState } from 'preact/hooks'
import { filtersFor } from '../filters'
import { noticeOf, type Notice } from '../states'
import type { ChartResults, Tile } from '../wire'
import type { Context } from './TileCard'

export type TileState = { kind: 'loading' } | { kind: 'ready'; results: ChartResults } | { kind: 'failed'; notice: Notice }

/**
 * Asks for a tile's rows, and again when its own filters change, when the page is refreshed, or when a new credential
 * arrives after a failure. What is on the screen stays until the next answer is there.
 */
export function useTileResults(context: Context, tile: Tile): { state: TileState; busy: boolean; again(): void } {
  const [state, setState] = useState<TileState>({ kind: 'loading' })
  const [busy, setBusy] = useState(true)
  const [attempt, setAttempt] = useState(0)
  const explore = useRef<ChartResults['explore']>(undefined)
  const failed = useRef(false)
  const asked = useRef<string>(undefined)
  const chart = tile.properties.savedChartUuid
  const filters = filtersFor(tile.uuid, context.filters, explore.current)
  const key = JSON.stringify([filters, context.epoch, attempt])

  useEffect(() => context.api.onRenewed(() => failed.current && setAttempt((n) => n + 1)), [context.api])

  useEffect(() => {
    if (!chart || key === asked.current) return
    asked.current = key
    const stop = new AbortController()
    setBusy(true)
    context.api.chartResults(chart, context.dashboard, filters, stop.signal).then(
      (results) => {
        if (stop.signal.aborted) return
        failed.current = false
        explore.current = results.explore
        // Now that its tables are known, filters on others stop counting; that alone is no reason to ask again.
        asked.current = JSON.stringify([filtersFor(tile.uuid, context.filters, results.explore), context.epoch, attempt])
        setState({ kind: 'ready', results })
        setBusy(false)
        context.onResults(tile.uuid, results)
      },
      (error: unknown) => {
        if (stop.signal.aborted) return
        failed.current = true
        const notice = noticeOf(error)
        // An ended session does not take away what is already there.
        setState((before) => (notice.problem === 'expired' && before.kind === 'ready' ? before : { kind: 'failed', notice }))
        setBusy(false)
        context.onError(tile.uuid, error)
      },
    )
    return () => stop.abort()
  }, [chart, key])

  if (!chart) return { state: { kind: 'failed', notice: { problem: 'missing', title: 'This chart was deleted', hint: 'Ask whoever maintains this dashboard to replace it.' } }, busy: false, again: () => undefined }
  return { state, busy, again: () => setAttempt((n) => n + 1) }
}
