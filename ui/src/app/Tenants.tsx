import type { JSX } from 'preact'
import { useCallback, useEffect, useState } from 'preact/hooks'
import { ApiError } from '../api'
import { Message, noticeOf, Skeleton } from '../states'
import type { Page } from './App'
import { Form, sentence } from './Form'
import { Sure } from './Sure'
import { confinement, createTenant, PAGE, readFilters, registeringKeys, removeTenant, rotate, suspend, tenants, type Key, type Tenant } from './tenants'

const TYPING = 250 // how long after the last letter a search begins

/** The tenants that embed, for administrators: find, make, end their sessions, suspend, delete. */
export function Tenants({ api }: Page): JSX.Element {
  const [search, setSearch] = useState('')
  const [page, setPage] = useState(1)
  const [shown, setShown] = useState<Tenant[]>()
  const [keys, setKeys] = useState<Key[]>([])
  const [made, setMade] = useState<{ name: string; token: string }>()
  const [error, setError] = useState<unknown>()
  const [problem, setProblem] = useState('')
  const load = useCallback(() => tenants(api, search, page).then(setShown, setError), [api, search, page])
  useEffect(() => {
    document.title = 'Tenants · Inlay'
    registeringKeys(api).then(setKeys, setError)
  }, [api])
  useEffect(() => {
    const timer = setTimeout(load, shown ? TYPING : 0)
    return () => clearTimeout(timer)
  }, [load])
  if (error) return <div class="page-message"><Message notice={noticeOf(error)} /></div>
  if (!shown) return <div class="list-loading"><Skeleton kind="table" /></div>
  const change = (work: Promise<unknown>) => {
    setProblem('')
    work.catch((e: unknown) => setProblem(sentence(e))).finally(load)
  }
  const create = async (v: Record<string, string>) => {
    const filters = readFilters(v['filters'] ?? '')
    if (typeof filters === 'string') throw new ApiError('refused', `“${filters}” isn’t a filter: write column = value.`)
    const { tenant, token } = await createTenant(api, v['key'] ?? '', (v['name'] ?? '').trim(), filters)
    setMade({ name: tenant.name, token })
    await load()
  }
  return (
    <div class="home people tenants">
      <h1>Tenants</h1>
      {keys.length > 0
        ? <Form key={made?.token} action="Create" send={create}>
            <label>Name<input name="name" required maxLength={200} /></label>
            <label>Rows it sees, one filter a line<textarea name="filters" rows={1} placeholder="merchant_id = m-0001" required /></label>
            <label>Key<select name="key">{keys.map((k) => <option key={k.id} value={k.id}>{k.name}</option>)}</select></label>
          </Form>
        : <p class="hint">Tenants are made with a key: <code>inlay key create</code>.</p>}
      {made && <p class="made" role="status">A token for <strong>{made.name}</strong>, shown once: <input readOnly value={made.token} aria-label={`Token of ${made.name}`} onFocus={(e) => e.currentTarget.select()} /></p>}
      {problem && <p class="form-error" role="alert">{problem}</p>}
      <input class="search" type="search" placeholder="Search names" aria-label="Search tenants" value={search} onInput={(e) => { setSearch(e.currentTarget.value); setPage(1) }} />
      {shown.length === 0
        ? <p class="hint">{search ? 'No tenant has this in its name.' : page > 1 ? 'There are no more tenants.' : 'There are no tenants yet. They appear once your product asks for a token, or when you make one here.'}</p>
        : <Table shown={shown} change={change} api={api} />}
      <Pages page={page} more={shown.length === PAGE} onPage={setPage} />
    </div>
  )
}

function Table({ shown, change, api }: { shown: Tenant[]; change(work: Promise<unknown>): void; api: Page['api'] }): JSX.Element {
  return (
    <table>
      <thead><tr><th scope="col">Name</th><th scope="col">Sees rows of</th><th scope="col">API</th><th scope="col">Since</th><th scope="col"><span class="visually-hidden">Actions</span></th></tr></thead>
      <tbody>
        {shown.map((t) => (
          <tr key={t.id}>
            <td>{t.name}{t.suspended && <span class="tag">Suspended</span>}</td>
            <td>{confinement(t)}</td>
            <td>{t.front}</td>
            <td>{new Date(t.createdAt).toLocaleDateString()}</td>
            <td>
              <Sure action="End sessions" of={`of ${t.name}`} onSure={() => change(rotate(api, t.id))} />
              <button type="button" class="button quiet" aria-label={`${t.suspended ? 'Resume' : 'Suspend'} ${t.name}`} onClick={() => change(suspend(api, t.id, !t.suspended))}>{t.suspended ? 'Resume' : 'Suspend'}</button>
              <Sure action="Delete" of={t.name} onSure={() => change(removeTenant(api, t.id))} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Pages({ page, more, onPage }: { page: number; more: boolean; onPage(page: number): void }): JSX.Element | null {
  if (page === 1 && !more) return null
  return (
    <nav class="pages" aria-label="Pages">
      <button type="button" class="button quiet" disabled={page === 1} onClick={() => onPage(page - 1)}>Previous</button>
      <span>Page {page}</span>
      <button type="button" class="button quiet" disabled={!more} onClick={() => onPage(page + 1)}>Next</button>
    </nav>
  )
}
