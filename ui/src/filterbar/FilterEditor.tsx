import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { isRelative, operatorLabel, OPERATORS, takesNoValue, UNITS, withOperator, withValues, type Kind } from '../filters'
import type { FilterRule } from '../wire'

type Lookup = (text: string, signal: AbortSignal) => Promise<unknown[]>

interface Props {
  rule: FilterRule
  kind: Kind
  label: string
  values?: Lookup
  onChange(rule: FilterRule): void
}

export function FilterEditor({ rule, kind, label, values, onChange }: Props): JSX.Element {
  const operators = OPERATORS[kind].includes(rule.operator) ? OPERATORS[kind] : [rule.operator, ...OPERATORS[kind]]
  const day = new Date().toISOString().slice(0, 10)
  const today = kind === 'timestamp' ? instant(`${day}T00:00`) : day
  return (
    <form class="editor" onSubmit={(e) => e.preventDefault()}>
      <div class="editor-head">
        <strong>{label}</strong>
        {!rule.required && <button type="button" class="button quiet" disabled={rule.disabled} onClick={() => onChange(withValues({ ...rule, operator: takesNoValue(rule.operator) ? 'equals' : rule.operator }, []))}>Clear</button>}
      </div>
      <select aria-label="Condition" value={rule.operator} onChange={(e) => onChange(withOperator(rule, e.currentTarget.value, kind, today))}>
        {operators.map((o) => <option key={o} value={o}>{operatorLabel(o, kind)}</option>)}
      </select>
      <Value {...{ rule, kind, label, onChange }} values={values} />
    </form>
  )
}

function Value({ rule, kind, label, values, onChange }: Props): JSX.Element | null {
  if (takesNoValue(rule.operator)) return null
  if (kind === 'boolean') return <YesNo rule={rule} onChange={onChange} />
  if (isRelative(rule.operator)) return <Relative rule={rule} onChange={onChange} />
  if (kind === 'date' || kind === 'timestamp') return <Dates rule={rule} kind={kind} onChange={onChange} />
  if (kind === 'string' && values && ['equals', 'notEquals'].includes(rule.operator)) return <Choices rule={rule} lookup={values} label={label} onChange={onChange} />
  return <Typed rule={rule} kind={kind} onChange={onChange} />
}

type Part = Pick<Props, 'rule' | 'onChange'>

function YesNo({ rule, onChange }: Part): JSX.Element {
  const now = rule.disabled ? undefined : String(rule.values?.[0]) === 'true'
  return (
    <div class="segmented" role="group" aria-label="Value">
      {[true, false].map((v) => <button key={String(v)} type="button" aria-pressed={now === v} onClick={() => onChange(withValues({ ...rule, operator: 'equals' }, [v]))}>{v ? 'Yes' : 'No'}</button>)}
    </div>
  )
}

function Relative({ rule, onChange }: Part): JSX.Element {
  const settings = rule.settings ?? {}
  const counted = !rule.operator.endsWith('Current')
  const set = (change: object) => onChange({ ...rule, disabled: false, values: rule.values?.length ? rule.values : [1], settings: { ...settings, ...change } })
  return (
    <>
      <div class="editor-row">
        {counted && <input type="number" min={1} max={9999} aria-label="How many" value={String(rule.values?.[0] ?? 1)} onChange={(e) => e.currentTarget.valueAsNumber >= 1 && onChange(withValues(rule, [Math.floor(e.currentTarget.valueAsNumber)]))} />}
        <select aria-label="Unit" value={settings.unitOfTime ?? 'days'} onChange={(e) => set({ unitOfTime: e.currentTarget.value })}>
          {UNITS.map((u) => <option key={u} value={u}>{counted ? u : u.slice(0, -1)}</option>)}
        </select>
      </div>
      {counted && <label class="check"><input type="checkbox" checked={settings.completed === true} onChange={(e) => set({ completed: e.currentTarget.checked })} /> Only whole, completed {settings.unitOfTime ?? 'days'}</label>}
    </>
  )
}

function Dates({ rule, kind, onChange }: Part & { kind: Kind }): JSX.Element {
  const count = rule.operator === 'inBetween' ? 2 : 1
  const set = (i: number, input: string) => {
    if (!input) return
    const text = kind === 'timestamp' ? instant(input) : input
    const next = Array.from({ length: count }, (_, j) => (j === i ? text : (rule.values?.[j] ?? text)))
    onChange(withValues(rule, next))
  }
  return (
    <div class="editor-row">
      {Array.from({ length: count }, (_, i) => (
        <input key={i} type={kind === 'date' ? 'date' : 'datetime-local'} aria-label={count === 1 ? 'Date' : i === 0 ? 'From' : 'To'} value={inputDate(rule.values?.[i], kind)} onChange={(e) => set(i, e.currentTarget.value)} />
      ))}
    </div>
  )
}

/** What the server compares with: the wall clock of the control, in UTC. */
function instant(local: string): string {
  return `${local.slice(0, 16)}:00.000Z`
}

function inputDate(value: unknown, kind: Kind): string {
  const text = typeof value === 'string' ? value : ''
  return kind === 'date' ? text.slice(0, 10) : /^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00` : text.slice(0, 16)
}

function Typed({ rule, kind, onChange }: Part & { kind: Kind }): JSX.Element {
  const [text, setText] = useState((rule.values ?? []).map(String).join(', '))
  useEffect(() => {
    if (rule.disabled) setText('')
  }, [rule.disabled])
  const apply = () => {
    const parts = text.split(',').map((p) => p.trim()).filter(Boolean)
    onChange(withValues(rule, kind === 'number' ? parts.map(Number).filter(Number.isFinite) : parts))
  }
  return <input type="text" inputMode={kind === 'number' ? 'decimal' : 'text'} aria-label="Value" placeholder={kind === 'number' ? 'Number' : 'Text'} value={text} onInput={(e) => setText(e.currentTarget.value)} onChange={apply} onKeyDown={(e) => e.key === 'Enter' && apply()} />
}

const PAUSE = 200 // ms without a key before values are looked up

function Choices({ rule, lookup, label, onChange }: Part & { lookup: Lookup; label: string }): JSX.Element {
  const [text, setText] = useState('')
  const [found, setFound] = useState<string[] | 'loading' | 'failed'>('loading')
  useEffect(() => {
    const stop = new AbortController()
    const timer = setTimeout(() => {
      lookup(text, stop.signal).then((list) => setFound(list.map(String)), () => !stop.signal.aborted && setFound('failed'))
    }, text ? PAUSE : 0)
    return () => {
      clearTimeout(timer)
      stop.abort()
    }
  }, [text])
  const chosen = rule.disabled ? [] : (rule.values ?? []).map(String)
  const toggle = (value: string) => onChange(withValues(rule, chosen.includes(value) ? chosen.filter((v) => v !== value) : [...chosen, value]))
  const typed = text.trim()
  const options = [...chosen.filter((v) => !typed || v.toLowerCase().includes(typed.toLowerCase())), ...(Array.isArray(found) ? found.filter((v) => !chosen.includes(v)) : [])]
  return (
    <>
      <input type="search" class="search" aria-label={`Search ${label}`} placeholder="Search values" value={text} onInput={(e) => setText(e.currentTarget.value)} onKeyDown={(e) => { if (e.key === 'Enter' && typed) { toggle(typed); setText('') } }} />
      <ul class="choices" aria-label="Values">
        {options.map((value) => (
          <li key={value}><label class="check"><input type="checkbox" checked={chosen.includes(value)} onChange={() => toggle(value)} /><span>{value}</span></label></li>
        ))}
        {found === 'loading' && <li class="muted">Looking up values…</li>}
        {found === 'failed' && <li class="muted">Values could not be looked up. Type one and press Enter.</li>}
        {Array.isArray(found) && options.length === 0 && <li class="muted">No value matches{typed ? '. Press Enter to use it anyway.' : '.'}</li>}
      </ul>
    </>
  )
}
