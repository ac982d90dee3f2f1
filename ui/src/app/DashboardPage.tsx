import type { JSX } from 'preact'
import { useEffect, useMemo, useState } from 'preact/hooks'
import { readOptions } from '../address'
import { ApiError } from '../api'
import { Dashboard } from '../dashboard/Dashboard'
import { Message, noticeOf, Skeleton } from '../states'
import type { Theme } from '../theme'
import type { Dashboard as Document } from '../wire'
import { Link, type Page } from './App'

interface Props extends Page {
  dashboard: string
  onSignedOut(): void
}

const PLAIN: Theme = { variables: {} }

export function DashboardPage({ api, go, dashboard, onSignedOut }: Props): JSX.Element {
  const [document, setDocument] = useState<Document>()
  const [error, setError] = useState<unknown>()
  const [epoch, setEpoch] = useState(0)
  const options = useMemo(() => ({ ...readOptions(new URLSearchParams(location.search)), allowExport: true }), [])
  useEffect(() => {
    const failed = (e: unknown) => (e instanceof ApiError && e.problem === 'expired' ? onSignedOut() : setError(e))
    api.dashboard(dashboard).then((d) => {
      window.document.title = `${d.name} · Inlay`
      setDocument(d)
    }, failed)
  }, [api, dashboard])
  if (error) return <div class="page-message"><Message notice={noticeOf(error)} action={<Link to="/" go={go} class="button">All dashboards</Link>} /></div>
  if (!document) return <div class="list-loading"><Skeleton kind="bar" /></div>
  const view = { dashboardUuid: document.uuid, projectUuid: document.projectUuid, name: document.name }
  return (
    <Dashboard
      api={api} view={view} document={document} options={options} theme={PLAIN} epoch={epoch} pushed={NONE} expired={false} onExpired={onSignedOut}
      header={<nav class="crumbs"><Link to="/" go={go}>Dashboards</Link><span class="spacer" /><button type="button" class="button" onClick={() => setEpoch(epoch + 1)}>Refresh</button></nav>}
    />
  )
}

const NONE: never[] = []
