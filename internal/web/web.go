// Package web serves the built pages: the application and the dashboard that other products embed. It knows files and
// the headers that browsers need; it must not know the API, credentials or anything about who is asking.
package web

import (
	"bytes"
	"embed"
	"html"
	"io/fs"
	"net/http"
	"path"
	"strings"
)

//go:embed all:dist
var dist embed.FS

// Config says who may put the embeddable pages into a frame.
type Config struct {
	// FrameAncestors are CSP sources: origins such as https://app.example.com, hosts with a leading wildcard label such
	// as https://*.example.com, or 'self'. None means 'self'. Entries that are anything else allow nobody; see Check.
	FrameAncestors []string
}

// Handler serves the pages that were built into the binary.
func Handler(c Config) http.Handler {
	built, err := fs.Sub(dist, "dist")
	if err != nil {
		panic(err) // only for a malformed constant
	}
	return newPages(built, c)
}

type pages struct {
	assets map[string]*asset // by URL path
	app    page
	embed  page
}

func newPages(files fs.FS, c Config) *pages {
	return &pages{
		assets: loadAssets(files),
		app:    newPage(files, "index.html", nil),
		embed:  newPage(files, "embed.html", c.sources()),
	}
}

// ServeHTTP answers every GET: with a file of the build, with the embeddable dashboard below its addresses, and
// otherwise with the application, which finds out in the browser what the address means.
func (p *pages) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		http.NotFound(w, r)
		return
	}
	where := path.Clean("/" + r.URL.Path)
	switch a := p.assets[where]; {
	case a != nil:
		a.serve(w, r)
	case strings.HasPrefix(where, "/assets/"):
		// An old page asks for a file of a build that is gone; HTML instead of it would only hide that.
		http.NotFound(w, r)
	case strings.HasPrefix(where, "/embed/"), strings.HasPrefix(where, "/share/dashboard/"):
		p.embed.serve(w, r)
	default:
		p.app.serve(w, r)
	}
}

// page is an HTML document with the headers that go with it.
type page struct {
	body   []byte
	header http.Header
}

// newPage prepares a document. With ancestors it may be framed by them, without any by nobody.
func newPage(files fs.FS, name string, ancestors []string) page {
	body, err := fs.ReadFile(files, name)
	if err != nil {
		body = []byte(notBuilt)
	}
	h := http.Header{}
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", policy(ancestors))
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-store") // the address may carry a token, and a new build must be seen at once
	h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
	if len(ancestors) == 0 {
		h.Set("Referrer-Policy", "same-origin")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		return page{body: body, header: h}
	}
	h.Set("Referrer-Policy", "no-referrer")
	// A page that isolates itself may only frame documents that do the same; ours load nothing from elsewhere.
	h.Set("Cross-Origin-Embedder-Policy", "require-corp")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	return page{body: withHosts(body, ancestors), header: h}
}

func (p page) serve(w http.ResponseWriter, _ *http.Request) {
	for name, values := range p.header {
		w.Header()[name] = values
	}
	_, _ = w.Write(p.body) // a reader who went away is no error of ours
}

// policy is the content security policy of a document. Nothing inline runs, nothing is loaded from elsewhere.
func policy(ancestors []string) string {
	framers := "'none'"
	if len(ancestors) > 0 {
		framers = strings.Join(ancestors, " ")
	}
	return strings.Join([]string{
		"default-src 'none'",
		"script-src 'self'",
		"style-src 'self'",
		"img-src 'self' data:",
		"font-src 'self'",
		"connect-src 'self'",
		"base-uri 'none'",
		"form-action 'self'",
		"frame-ancestors " + framers,
		"require-trusted-types-for 'script'",
		"trusted-types 'none'",
	}, "; ")
}

// withHosts tells the page which origins it may exchange messages with. A wildcard can't be compared in the page, so
// with one the browser's own check of frame-ancestors stands alone.
func withHosts(body []byte, ancestors []string) []byte {
	hosts := strings.ReplaceAll(strings.Join(ancestors, " "), "'", "")
	if strings.Contains(hosts, "*") {
		return body
	}
	const empty = `name="inlay-hosts" content="`
	return bytes.Replace(body, []byte(empty), []byte(empty+html.EscapeString(hosts)), 1)
}

const notBuilt = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Inlay</title>
<h1>The pages are not part of this binary</h1>
<p>The server works, but it was compiled without its pages. Build them with <code>npm ci && npm run build</code> in
<code>ui</code>, then compile again.</p>
</html>
`
