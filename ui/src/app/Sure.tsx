import type { JSX } from 'preact'
import { useState } from 'preact/hooks'

/** A button that wants to be pressed twice. */
export function Sure({ action, of, onSure }: { action: string; of: string; onSure(): void }): JSX.Element {
  const [asked, setAsked] = useState(false)
  return <button type="button" class="button quiet" aria-label={asked ? `Really ${action.toLowerCase()} ${of}` : `${action} ${of}`} onBlur={() => setAsked(false)} onClick={() => (asked ? onSure() : setAsked(true))}>{asked ? `Really ${action.toLowerCase()}?` : action}</button>
}
