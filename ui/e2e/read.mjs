// Reads the numbers off a dashboard page, the way a person with a screen reader would: from cells and labels, not from
// the answers of the server.

/** Waits until no tile is loading, then gives what each shows. Runs against a Playwright frame or page. */
export async function readDashboard(frame, timeout = 30_000) {
  await frame.waitForFunction(() => {
    const bodies = [...document.querySelectorAll('.tile .tile-body')]
    const drawn = (b) => b.dataset.state !== 'loading' && b.dataset.state !== 'refreshing' && !b.querySelector('.sized:empty')
    return (document.querySelector('[data-dashboard]') && bodies.length > 0 && bodies.every(drawn)) || document.querySelector('.page-message [data-problem]')
  }, undefined, { timeout })
  return frame.evaluate(() => {
    const texts = (nodes) => [...nodes].map((n) => n.textContent.trim())
    const number = (cell) => (cell.dataset.value === undefined || cell.dataset.value === '' ? null : Number.isNaN(Number(cell.dataset.value)) ? cell.dataset.value : Number(cell.dataset.value))
    const readTable = (table) => ({
      columns: texts(table.tHead?.rows[table.tHead.rows.length - 1]?.cells ?? []).map((t) => t.replace(/[↕↑↓]$/, '')),
      rows: [...(table.tBodies[0]?.rows ?? [])].map((row) => [...row.cells].map((c) => ({ text: c.textContent.trim(), value: number(c) }))),
    })
    const problem = document.querySelector('.page-message [data-problem]')
    if (problem) return { problem: problem.dataset.problem, message: problem.textContent.trim() }
    const tiles = [...document.querySelectorAll('.tile')].map((tile) => {
      const body = tile.querySelector('.tile-body')
      const big = tile.querySelector('.big-number-value')
      const table = body.querySelector('table')
      return {
        title: tile.getAttribute('aria-label'),
        state: body.dataset.state,
        message: body.querySelector('[data-problem]')?.textContent.trim(),
        number: big ? { text: big.textContent, value: number(big) } : undefined,
        marks: body.querySelectorAll('.bar, .slice, .dot').length || undefined,
        table: table && !table.closest('.markdown') ? readTable(table) : undefined,
        text: body.querySelector('.markdown')?.textContent.trim(),
      }
    })
    return { title: document.querySelector('h1')?.textContent, tiles }
  })
}

/** Every number of a page, for comparing two of them. */
export function numbersOf(shown) {
  return (shown.tiles ?? []).flatMap((tile) => [
    ...(tile.number ? [tile.number.value] : []),
    ...(tile.table?.rows.flat().map((c) => c.value).filter((v) => typeof v === 'number') ?? []),
  ])
}
