import type { JSX } from 'preact'
import { useMemo, useState } from 'preact/hooks'
import type { Cell, ChartResults, TableConfig } from '../wire'
import { asNumber, formatLike } from './format'
import { conditionalColour, describeTable, sortRows, type Column } from './table'

interface Props {
  results: ChartResults
  title: string
  totals?: Record<string, unknown>
}

const PAGE = 200 // rows drawn at first, and added at each approach to the end

export function TableChart({ results, title, totals }: Props): JSX.Element {
  const config = (results.chart.chartConfig.config ?? {}) as TableConfig
  const table = useMemo(() => describeTable(results), [results])
  const [sort, setSort] = useState<{ id: string; descending: boolean } | null>(null)
  const [drawn, setDrawn] = useState(PAGE)
  const rows = useMemo(() => {
    const at = table.columns.findIndex((c) => c.id === sort?.id)
    return sort && at >= 0 ? sortRows(table.rows, at, sort.descending) : table.rows
  }, [table, sort])
  const numbered = config.hideRowNumbers !== true && table.groupLabels.length === 0

  const cycle = (id: string) => setSort((s) => (s?.id !== id ? { id, descending: false } : s.descending ? null : { id, descending: true }))
  const more = (e: Event) => {
    const box = e.currentTarget as HTMLElement
    if (drawn < rows.length && box.scrollTop + box.clientHeight > box.scrollHeight - 400) setDrawn(drawn + PAGE)
  }

  return (
    <div class="table-scroll" tabIndex={0} role="region" aria-label={title} onScroll={more}>
      <table class="data">
        <caption class="visually-hidden">{title}</caption>
        <thead>
          {table.groupLabels.map((label, level) => <GroupRow key={level} label={label} level={level} columns={table.columns} />)}
          <tr>
            {numbered && <th class="index" scope="col"><span class="visually-hidden">Row</span></th>}
            {table.columns.map((c) => {
              const state = sort?.id !== c.id ? 'none' : sort.descending ? 'descending' : 'ascending'
              return (
                <th key={c.id} scope="col" class={c.numeric ? 'number' : ''} aria-sort={state}>
                  <button type="button" onClick={() => cycle(c.id)}>{c.label}<span class="sort" aria-hidden="true">{state === 'none' ? '↕' : state === 'ascending' ? '↑' : '↓'}</span></button>
                </th>
              )
            })}
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, drawn).map((row, r) => (
            <tr key={r}>
              {numbered && <td class="index">{r + 1}</td>}
              {row.map((cell, i) => <DataCell key={i} cell={cell} column={table.columns[i]} config={config} />)}
            </tr>
          ))}
        </tbody>
        {totals && table.groupLabels.length === 0 && (
          <tfoot>
            <tr>
              {numbered && <td class="index" />}
              {table.columns.map((c, i) => {
                const total = asNumber(totals[c.field])
                return <td key={c.id} class={c.numeric ? 'number' : ''} data-total={total ?? undefined}>{total !== null ? formatLike(total, rows.map((row) => row[i])) : i === 0 ? 'Total' : ''}</td>
              })}
            </tr>
          </tfoot>
        )}
      </table>
      {table.truncated && <p class="note">Only the first {rows.length.toLocaleString('en')} rows are shown.</p>}
    </div>
  )
}

function GroupRow({ label, level, columns }: { label: string; level: number; columns: Column[] }): JSX.Element {
  const index = columns.findIndex((c) => c.group[level] !== '')
  const runs: { text: string; span: number }[] = []
  for (const c of columns.slice(index)) {
    const text = c.group.slice(0, level + 1).join('\u0000')
    const last = runs.at(-1)
    if (last?.text === text) last.span++
    else runs.push({ text, span: 1 })
  }
  return (
    <tr class="groups">
      {index > 0 && <th colSpan={index} scope="row">{label}</th>}
      {runs.map((run) => <th key={run.text} colSpan={run.span} scope="colgroup" class={run.span === 1 ? 'number' : ''}>{run.text.split('\u0000').at(-1)}</th>)}
    </tr>
  )
}

function DataCell({ cell, column, config }: { cell: Cell | null; column?: Column; config: TableConfig }): JSX.Element {
  const colour = column && conditionalColour(config.conditionalFormattings, column.field, cell)
  const empty = !cell || cell.raw === null || cell.raw === undefined
  return (
    <td class={`${column?.numeric ? 'number' : ''}${empty ? ' empty' : ''}${colour ? ' marked' : ''}`} style={colour ? { '--mark': colour } : undefined} data-field={column?.field} data-value={empty ? '' : String(cell.raw)}>
      {cell?.formatted ?? '–'}
    </td>
  )
}
