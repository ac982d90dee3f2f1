import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { ApiError } from '../api'
import { Message, noticeOf, Skeleton } from '../states'
import { Link, type Page } from './App'

type Project = { projectUuid: string; name: string; type?: string }
type Item = { uuid: string; name: string; description?: string | null; spaceName?: string; updatedAt?: string }

interface Props extends Page {
  project?: string
  onSignedOut(): void
}

/** The dashboards of every project, or of one. */
export function Home({ api, go, project, onSignedOut }: Props): JSX.Element {
  const [projects, setProjects] = useState<Project[]>()
  const [error, setError] = useState<unknown>()
  useEffect(() => {
    document.title = 'Dashboards · Inlay'
    api.projects().then(setProjects, (e: unknown) => (e instanceof ApiError && e.problem === 'expired' ? onSignedOut() : setError(e)))
  }, [api])
  if (error) return <div class="page-message"><Message notice={noticeOf(error)} /></div>
  if (!projects) return <div class="list-loading"><Skeleton kind="table" /></div>
  const shown = project ? projects.filter((p) => p.projectUuid === project) : projects
  if (shown.length === 0) {
    return <div class="page-message"><Message notice={{ problem: 'empty', title: project ? 'This project could not be found' : 'No projects yet', hint: project ? 'It may have been deleted, or you have no access to it.' : 'Projects that you have access to will appear here.' }} /></div>
  }
  return <div class="home"><h1>Dashboards</h1>{shown.map((p) => <ProjectSection key={p.projectUuid} api={api} go={go} project={p} />)}</div>
}

function ProjectSection({ api, go, project }: Page & { project: Project }): JSX.Element {
  const [items, setItems] = useState<Item[]>()
  const [error, setError] = useState<unknown>()
  useEffect(() => {
    api.dashboards(project.projectUuid).then(setItems, setError)
  }, [api, project])
  return (
    <section class="project">
      <h2>{project.name}{project.type === 'PREVIEW' && <span class="tag">Preview</span>}</h2>
      {error ? <p class="muted">{noticeOf(error).title}. {noticeOf(error).hint}</p> : !items ? <Skeleton kind="table" /> : items.length === 0 ? <p class="muted">No dashboards in this project yet.</p> : (
        <ul class="cards">
          {items.map((d) => (
            <li key={d.uuid}>
              <Link to={`/projects/${project.projectUuid}/dashboards/${d.uuid}`} go={go} class="card-link">
                <strong>{d.name}</strong>
                {d.description && <span>{d.description}</span>}
                <small>{[d.spaceName, when(d.updatedAt)].filter(Boolean).join(' · ')}</small>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

function when(time: string | undefined): string {
  const at = time ? Date.parse(time) : NaN
  return Number.isNaN(at) ? '' : `Updated ${new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' }).format(at)}`
}
