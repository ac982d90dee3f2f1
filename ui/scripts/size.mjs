// Prints what a first visit to the dashboard page loads, compressed, and fails when it outgrows the budget.
import { readFile } from 'node:fs/promises'
import { gzipSync } from 'node:zlib'

const AIM = 60_000
const LIMIT = 150_000
const DIST = new URL('../../internal/web/dist/', import.meta.url)
const kB = (n) => `${(n / 1000).toFixed(1)} kB`

async function pageSize(page) {
  const html = await readFile(new URL(page, DIST), 'utf8')
  const seen = new Map()
  const queue = [...html.matchAll(/(?:src|href)="\/(assets\/[^"]+)"/g)].map((m) => m[1])
  for (const name of queue) {
    if (seen.has(name)) continue
    const text = await readFile(new URL(name, DIST))
    seen.set(name, gzipSync(text, { level: 9 }).length)
    // What is imported statically belongs to the first load too.
    for (const m of text.toString().matchAll(/(?:from|import)\s*["']\.\/([^"']+)["']/g)) queue.push(`assets/${m[1]}`)
  }
  const total = [...seen.values()].reduce((sum, n) => sum + n, 0)
  for (const [name, size] of seen) console.log(`  ${kB(size).padStart(8)}  ${name}`)
  return total
}

console.log('dashboard page, gzip:')
const total = await pageSize('embed.html')
console.log(`  ${kB(total).padStart(8)}  in all (aim ${kB(AIM)}, limit ${kB(LIMIT)})`)
if (total > LIMIT) {
  console.error('The dashboard page is over its budget.')
  process.exit(1)
}
