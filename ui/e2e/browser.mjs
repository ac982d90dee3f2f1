// Chromium for checks: a fresh profile each time, nothing that calls home.
import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'

const FLAGS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync']

/** A browser that nobody has used before; closing it removes its profile. Hosts of customers are this machine. */
export async function newBrowser(viewport, { blockThirdParty = false } = {}) {
  const profile = await mkdtemp(join(tmpdir(), 'inlay-browser-'))
  await mkdir(join(profile, 'Default'))
  await writeFile(join(profile, 'Default', 'Preferences'), JSON.stringify({ profile: { cookie_controls_mode: blockThirdParty ? 1 : 0 } }))
  const args = [...FLAGS, '--host-resolver-rules=MAP *.test 127.0.0.1', ...(blockThirdParty ? ['--test-third-party-cookie-phaseout'] : [])]
  const context = await chromium.launchPersistentContext(profile, { executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args, viewport })
  return {
    context,
    async close() {
      await context.close()
      await rm(profile, { recursive: true, force: true })
    },
  }
}

/** The stub server on a port of its own. */
export async function startStub(port) {
  const child = spawn(process.execPath, [fileURLToPath(new URL('../dev/stub.mjs', import.meta.url))], { env: { ...process.env, PORT: String(port) }, stdio: ['ignore', 'pipe', 'inherit'] })
  process.on('exit', () => child.kill()) // also when a check throws
  await new Promise((ready) => child.stdout.once('data', ready))
  return { base: `http://127.0.0.1:${port}`, close: () => child.kill() }
}

/** Collects what did not hold, and says so at the end. */
export function newReport() {
  const failures = []
  return {
    failures,
    check(holds, sentence) {
      console.log(`${holds ? 'ok  ' : 'FAIL'} ${sentence}`)
      if (!holds) failures.push(sentence)
    },
  }
}
