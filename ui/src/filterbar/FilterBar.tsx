import type { JSX } from 'preact'
import { useEffect, useId, useRef, useState } from 'preact/hooks'
import type { Api } from '../api'
import { findField, kindOf, labelOf, summary, type Kind } from '../filters'
import type { DashboardFilters, Explore, FilterRule } from '../wire'
import { FilterEditor } from './FilterEditor'

interface Props {
  api: Api
  project: string
  filters: DashboardFilters
  explores: ReadonlyMap<string, Explore>
  changed: boolean
  onChange(filters: DashboardFilters): void
  onReset(): void
}

/** The dashboard's filters as buttons; each opens a small form, and every change applies at once. */
export function FilterBar({ api, project, filters, explores, changed, onChange, onReset }: Props): JSX.Element {
  const [open, setOpen] = useState<string | null>(null)
  const change = (list: 'dimensions' | 'metrics', next: FilterRule) =>
    onChange({ ...filters, [list]: filters[list].map((rule) => (rule.id === next.id ? next : rule)) })
  return (
    <div class="filters" role="group" aria-label="Filters">
      {(['dimensions', 'metrics'] as const).flatMap((list) => filters[list].map((rule) => {
        const field = findField(rule, explores.values())
        return (
          <Filter
            key={rule.id} rule={rule} kind={kindOf(rule, field)} label={labelOf(rule, field)} searchable={list === 'dimensions'}
            api={api} project={project} open={open === rule.id} onOpen={(on) => setOpen(on ? rule.id : null)} onChange={(next) => change(list, next)}
          />
        )
      }))}
      {changed && <button type="button" class="button quiet" onClick={onReset}>Reset filters</button>}
    </div>
  )
}

interface FilterProps {
  rule: FilterRule
  kind: Kind
  label: string
  searchable: boolean
  api: Api
  project: string
  open: boolean
  onOpen(open: boolean): void
  onChange(rule: FilterRule): void
}

function Filter({ rule, kind, label, searchable, api, project, open, onOpen, onChange }: FilterProps): JSX.Element {
  const box = useRef<HTMLDivElement>(null)
  const button = useRef<HTMLButtonElement>(null)
  const id = useId()
  useEffect(() => {
    if (!open) return
    const outside = (e: Event) => {
      if (!box.current?.contains(e.target as Node)) onOpen(false)
    }
    document.addEventListener('pointerdown', outside)
    return () => document.removeEventListener('pointerdown', outside)
  }, [open])
  const keys = (e: KeyboardEvent) => {
    if (e.key !== 'Escape' || !open) return
    onOpen(false)
    button.current?.focus()
  }
  return (
    <div class="filter" ref={box} onKeyDown={keys}>
      <button ref={button} type="button" class={rule.disabled ? 'filter-button any' : 'filter-button'} aria-expanded={open} aria-controls={id} onClick={() => onOpen(!open)} data-filter={rule.target.fieldId}>
        <span class="filter-name">{label}</span>
        <span class="filter-value">{summary(rule, kind)}</span>
        <svg viewBox="0 0 12 12" width="10" height="10" aria-hidden="true"><path d="M2 4l4 4 4-4" /></svg>
      </button>
      {open && (
        <div class="popover" id={id} role="dialog" aria-label={`Filter ${label}`}>
          <FilterEditor rule={rule} kind={kind} label={label} onChange={onChange} values={searchable ? (text, signal) => api.fieldValues(project, rule.target.fieldId, rule.target.tableName, text, signal) : undefined} />
        </div>
      )}
    </div>
  )
}
