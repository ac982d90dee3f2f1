// The customer's own page, on another origin, with the dashboard in a frame.
import { createServer } from 'node:http'

const escape = (text) => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`)

const page = (src) => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Host</title><link rel="icon" href="data:,">
<style>body{margin:0;font:15px/1.5 Arial,sans-serif;background:#fff;color:#1b2431}header{padding:14px 24px;border-bottom:1px solid #e3e6eb;font-weight:600}iframe{display:block;width:100%;height:1500px;border:0}</style></head>
<body><header>Customer portal</header><iframe id="embed" src="${escape(src)}" title="Dashboard"></iframe>
<script>
  window.received = []
  addEventListener('message', (e) => { if (e.source === document.getElementById('embed').contentWindow) received.push({ origin: e.origin, data: e.data }) })
</script></body></html>`

/** Serves host pages on the loopback interface; `show` gives the address, under a host name, of one that frames `src`. */
export async function startHost(port) {
  const pages = new Map()
  const server = createServer((request, response) => {
    if (request.url === '/control') {
      // A cookie as it was before browsers kept one for each site around a frame: does it come back?
      response.writeHead(200, { 'Content-Type': 'text/html', 'Set-Cookie': 'control=1; SameSite=None; Secure; Path=/' })
      return response.end(`<body>${request.headers.cookie?.includes('control=1') ? 'cookie' : 'none'}</body>`)
    }
    const src = pages.get(request.url)
    response.writeHead(src ? 200 : 404, { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-store' }).end(src ? page(src) : '')
  })
  await new Promise((ready, failed) => server.listen(port, '127.0.0.1', ready).once('error', failed))
  return {
    show(hostname, src) {
      const path = `/page-${pages.size + 1}`
      pages.set(path, src)
      return `http://${hostname}:${port}${path}`
    },
    close: () => server.close(),
  }
}
