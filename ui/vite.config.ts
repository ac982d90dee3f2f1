import { defineConfig } from 'vite'
import { fileURLToPath } from 'node:url'

const page = (name: string) => fileURLToPath(new URL(name, import.meta.url))

// Two pages: embed.html is the dashboard inside somebody else's product and must stay light; index.html is the
// application. Both are served by the Go binary, which embeds the output folder.
export default defineConfig({
  build: {
    outDir: '../internal/web/dist',
    emptyOutDir: false, // the folder holds .keep, which makes go:embed compile without a build; dist is cleaned below
    target: 'es2022',
    modulePreload: { polyfill: false }, // the polyfill would need an inline script, which the CSP refuses
    assetsInlineLimit: 0,
    cssCodeSplit: true,
    rolldownOptions: { input: { embed: page('embed.html'), index: page('index.html') } },
  },
  plugins: [cleanOutput()],
})

/** Removes what an earlier build left, but not .keep. */
function cleanOutput() {
  return {
    name: 'clean-output',
    apply: 'build' as const,
    async buildStart() {
      const { readdir, rm } = await import('node:fs/promises')
      const dir = page('../internal/web/dist')
      const left = await readdir(dir).catch(() => [])
      await Promise.all(left.filter((name) => name !== '.keep').map((name) => rm(`${dir}/${name}`, { recursive: true })))
    },
  }
}
