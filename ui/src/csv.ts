// A tile's rows as a file. Only what is already on the page is written; nothing is asked for again.

import { fieldLabel } from './charts/describe'
import { orderedColumns } from './charts/table'
import type { ChartResults } from './wire'

/** The rows with their raw numbers, and texts as they are formatted. */
export function toCSV(results: ChartResults): string {
  const columns = orderedColumns(results)
  const lines = results.rows.map((row) => columns.map((id) => {
    const cell = row[id]?.value
    return cell === undefined || cell.raw === null ? '' : typeof cell.raw === 'number' ? String(cell.raw) : quoted(cell.formatted)
  }))
  return [columns.map((id) => quoted(fieldLabel(id, results.fields))), ...lines].map((line) => line.join(',')).join('\r\n') + '\r\n'
}

/** Quotes a text where CSV needs it, and keeps spreadsheets from taking it for a formula. */
function quoted(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe
}

export function saveFile(name: string, type: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type }))
  const link = document.createElement('a')
  link.href = address
  link.download = name.replace(/[\\/:*?"<>|\u0000-\u001f]/g, '-').slice(0, 120)
  link.click()
  setTimeout(() => URL.revokeObjectURL(address), 10_000)
}
