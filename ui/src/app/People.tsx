import type { JSX } from 'preact'
import { useCallback, useEffect, useState } from 'preact/hooks'
import { Message, noticeOf, Skeleton } from '../states'
import { inviteMember, members, removeMember, setRole, unsentMail, type Member, type UnsentMail } from './accounts'
import type { Page } from './App'
import { Form, sentence } from './Form'
import { Sure } from './Sure'

const ROLES: [role: string, name: string][] = [['member', 'Member'], ['viewer', 'Viewer'], ['interactive_viewer', 'Interactive viewer'], ['editor', 'Editor'], ['developer', 'Developer'], ['admin', 'Admin']]

/** The members of the organization, for its administrators: invite, give roles, remove, hand over links that weren't mailed. */
export function People({ api }: Page): JSX.Element {
  const [people, setPeople] = useState<Member[]>()
  const [mails, setMails] = useState<UnsentMail[]>([])
  const [error, setError] = useState<unknown>()
  const [problem, setProblem] = useState('')
  const load = useCallback(() => {
    members(api).then(setPeople, setError)
    unsentMail(api).then(setMails, () => setMails([])) // only administrators see them
  }, [api])
  useEffect(() => {
    document.title = 'People · Inlay'
    load()
  }, [load])
  if (error) return <div class="page-message"><Message notice={noticeOf(error)} /></div>
  if (!people) return <div class="list-loading"><Skeleton kind="table" /></div>
  const change = (work: Promise<unknown>) => {
    setProblem('')
    work.catch((e: unknown) => setProblem(sentence(e))).finally(load)
  }
  return (
    <div class="home people">
      <h1>People</h1>
      <Form action="Invite" send={(v) => inviteMember(api, (v['email'] ?? '').trim(), v['role'] ?? 'viewer').then(load)}>
        <label>E-mail<input name="email" type="email" required /></label>
        <label>Role<RoleSelect name="role" value="viewer" label="Role" /></label>
      </Form>
      {problem && <p class="form-error" role="alert">{problem}</p>}
      {mails.length > 0 && <Mails mails={mails} />}
      <table>
        <thead><tr><th scope="col">Name</th><th scope="col">E-mail</th><th scope="col">Role</th><th scope="col"><span class="visually-hidden">Actions</span></th></tr></thead>
        <tbody>
          {people.map((p) => (
            <tr key={p.userUuid}>
              <td>{[p.firstName, p.lastName].join(' ').trim() || '–'}{p.isPending && <span class="tag">{p.isInviteExpired ? 'Invite expired' : 'Invited'}</span>}</td>
              <td>{p.email}</td>
              <td><RoleSelect value={p.role} label={`Role of ${p.email}`} onChange={(role) => change(setRole(api, p.userUuid, role))} /></td>
              <td><Sure action="Remove" of={p.email} onSure={() => change(removeMember(api, p.userUuid))} /></td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function RoleSelect({ name, value, label, onChange }: { name?: string; value: string; label?: string; onChange?(role: string): void }): JSX.Element {
  return (
    <select name={name} value={value} aria-label={label} onChange={(e) => onChange?.(e.currentTarget.value)}>
      {ROLES.map(([role, text]) => <option key={role} value={role} selected={role === value}>{text}</option>)}
    </select>
  )
}

function Mails({ mails }: { mails: UnsentMail[] }): JSX.Element {
  return (
    <section class="mails" aria-label="Mails that were not sent">
      <h2>Mails that were not sent</h2>
      <ul>
        {mails.map((m) => (
          <li key={m.to + m.subject}>
            <strong>{m.subject}</strong> for {m.to}
            {m.text ? <input readOnly value={link(m.text)} aria-label={`${m.subject} for ${m.to}`} onFocus={(e) => e.currentTarget.select()} /> : <small>{m.error || 'The mail server is being asked'}</small>}
          </li>
        ))}
      </ul>
    </section>
  )
}

/** What somebody needs of a mail: its link or passcode. */
function link(text: string): string {
  return /https?:\S+/.exec(text)?.[0] ?? /\b\d{6}\b/.exec(text)?.[0] ?? text
}
