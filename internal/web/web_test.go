package web

import (
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
)

var build = fstest.MapFS{
	"index.html":           {Data: []byte("<title>app</title>")},
	"embed.html":           {Data: []byte(`<meta name="inlay-hosts" content=""><title>embed</title>`)},
	"favicon.svg":          {Data: []byte("<svg/>")},
	"assets/embed-abc1.js": {Data: []byte(strings.Repeat("let a = 1;\n", 200))},
	".keep":                {},
}

func get(t *testing.T, h http.Handler, method, target string, header ...string) *http.Response {
	t.Helper()
	r := httptest.NewRequest(method, target, nil)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func text(t *testing.T, r *http.Response) string {
	t.Helper()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

func TestEveryUnknownAddressShowsTheApplication(t *testing.T) {
	h := newPages(build, Config{})
	for _, target := range []string{"/", "/login", "/projects/p/dashboards/d", "/api/v1/nothing", "/share/nanoid", "/index.html", "/../../etc/passwd", "/.keep"} {
		r := get(t, h, "GET", target)
		if r.StatusCode != 200 || !strings.HasPrefix(r.Header.Get("Content-Type"), "text/html") || !strings.Contains(text(t, r), "app") {
			t.Errorf("%s: %d %s", target, r.StatusCode, r.Header.Get("Content-Type"))
		}
	}
	if r := get(t, h, "POST", "/anything"); r.StatusCode != 404 {
		t.Errorf("POST: %d", r.StatusCode)
	}
	if r := get(t, h, "GET", "/assets/old-1234.js"); r.StatusCode != 404 {
		t.Errorf("a file of an old build: %d", r.StatusCode)
	}
}

func TestH111_no_document_allows_inline_or_foreign_code(t *testing.T) {
	h := newPages(build, Config{FrameAncestors: []string{"https://app.example.com"}})
	for _, target := range []string{"/", "/embed/view/x", "/share/dashboard/x"} {
		csp := get(t, h, "GET", target).Header.Get("Content-Security-Policy")
		for _, want := range []string{"default-src 'none'", "script-src 'self';", "style-src 'self';", "base-uri 'none'", "require-trusted-types-for 'script'"} {
			if !strings.Contains(csp, want) {
				t.Errorf("%s lacks %q: %s", target, want, csp)
			}
		}
		if strings.Contains(csp, "unsafe") || strings.Contains(csp, "*") {
			t.Errorf("%s: %s", target, csp)
		}
	}
}

func TestH112_frame_ancestors_are_exactly_those_configured_and_none_elsewhere(t *testing.T) {
	cases := []struct {
		name   string
		given  []string
		embed  string
		hosts  string
		broken bool
	}{
		{name: "by default only this server", embed: "'self'", hosts: "self"},
		{name: "listed origins", given: []string{"https://a.example", "HTTP://localhost:3000/"}, embed: "https://a.example http://localhost:3000", hosts: "https://a.example http://localhost:3000"},
		{name: "a wildcard label", given: []string{"https://*.example.com"}, embed: "https://*.example.com"},
		{name: "self without quotes", given: []string{"self", "https://a.example"}, embed: "'self' https://a.example", hosts: "self https://a.example"},
		{name: "an injected directive", given: []string{"https://a.example; script-src *"}, embed: "'none'", hosts: "none", broken: true},
		{name: "everybody", given: []string{"*"}, embed: "'none'", hosts: "none", broken: true},
		{name: "a whole scheme", given: []string{"https:", "https://*"}, embed: "'none'", hosts: "none", broken: true},
		{name: "one of them is wrong", given: []string{"javascript:x", "https://a.example"}, embed: "https://a.example", hosts: "https://a.example", broken: true},
	}
	ancestors := regexp.MustCompile(`frame-ancestors ([^;]*)`)
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			config := Config{FrameAncestors: c.given}
			if err := config.Check(); (err != nil) != c.broken {
				t.Errorf("Check: %v", err)
			}
			h := newPages(build, config)
			for target, want := range map[string]string{"/embed/dashboard/x": c.embed, "/embed/view/x": c.embed, "/share/dashboard/x": c.embed, "/": "'none'", "/login": "'none'", "/share/x": "'none'"} {
				csp := get(t, h, "GET", target).Header.Get("Content-Security-Policy")
				if got := ancestors.FindStringSubmatch(csp); got == nil || got[1] != want {
					t.Errorf("%s: %q, not %q", target, got, want)
				}
			}
			if body := text(t, get(t, h, "GET", "/embed/view/x")); !strings.Contains(body, `content="`+c.hosts+`"`) {
				t.Errorf("hosts: %s", body)
			}
		})
	}
}

func TestH114_an_address_with_a_token_is_neither_stored_nor_sent_on(t *testing.T) {
	h := newPages(build, Config{})
	r := get(t, h, "GET", "/share/dashboard/x?jwt=secret")
	for name, want := range map[string]string{"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff"} {
		if got := r.Header.Get(name); got != want {
			t.Errorf("%s: %q", name, got)
		}
	}
	if strings.Contains(text(t, r), "secret") {
		t.Error("the token is part of the page")
	}
}

func TestAssetsAreKeptForeverAndCompressed(t *testing.T) {
	h := newPages(build, Config{})
	const name = "/assets/embed-abc1.js"
	r := get(t, h, "GET", name, "Accept-Encoding", "br, gzip")
	if r.Header.Get("Cache-Control") != "public, max-age=31536000, immutable" || r.Header.Get("Content-Encoding") != "gzip" || r.Header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("%v", r.Header)
	}
	if plain := get(t, h, "GET", name, "Accept-Encoding", "gzip;q=0"); plain.Header.Get("Content-Encoding") != "" || len(text(t, plain)) != 2200 {
		t.Errorf("without gzip: %v", plain.Header)
	}
	if again := get(t, h, "GET", name, "If-None-Match", r.Header.Get("ETag")); again.StatusCode != 304 {
		t.Errorf("known tag: %d", again.StatusCode)
	}
	if icon := get(t, h, "GET", "/favicon.svg"); icon.Header.Get("Cache-Control") != "no-cache" || icon.Header.Get("Content-Type") != "image/svg+xml" {
		t.Errorf("%v", icon.Header)
	}
}

func TestWithoutABuildThePageSaysWhatToDo(t *testing.T) {
	h := newPages(fstest.MapFS{".keep": {}}, Config{})
	for _, target := range []string{"/", "/embed/view/x"} {
		if body := text(t, get(t, h, "GET", target)); !strings.Contains(body, "npm run build") {
			t.Errorf("%s: %s", target, body)
		}
	}
}
