package testkit_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestH12_packed_and_truncated_bodies_are_refused sends bodies over a real connection: what is packed isn't unpacked, and
// what ends early isn't taken for the whole.
func TestH12_packed_and_truncated_bodies_are_refused(t *testing.T) {
	w := open(t)
	site := httptest.NewServer(w.Handler())
	t.Cleanup(site.Close)
	var bomb bytes.Buffer
	pack := gzip.NewWriter(&bomb)
	for range 64 {
		if _, err := pack.Write(bytes.Repeat([]byte(" "), 1<<20)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := io.WriteString(pack, query+"}"); err != nil || pack.Close() != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		packing string
		body    io.Reader
		length  int64
	}{
		"a gzip bomb":           {"gzip", &bomb, int64(bomb.Len())},
		"less than it promised": {"", io.LimitReader(strings.NewReader(query+"}"), 20), int64(len(query)) + 1},
	} {
		for _, path := range []string{"/api/v1/projects/" + w.facts.Project + "/explores/orders/runQuery", "/v1/api/tenant/register-tenant", "/cubejs-api/v1/load", "/api/v1/embed/generate-session"} {
			r, err := http.NewRequestWithContext(t.Context(), "POST", site.URL+path, c.body)
			if err != nil {
				t.Fatal(err)
			}
			r.ContentLength = c.length
			r.Header.Set("Content-Type", "application/json")
			r.Header.Set("Authorization", w.admin()["Authorization"])
			if c.packing != "" {
				r.Header.Set("Content-Encoding", c.packing)
			}
			reply, err := http.DefaultClient.Do(r)
			if err != nil {
				continue // it could not even be sent
			}
			text, _ := io.ReadAll(io.LimitReader(reply.Body, 500)) // whatever comes
			_ = reply.Body.Close()
			if reply.StatusCode < 400 || reply.StatusCode >= 500 {
				t.Errorf("%s to %s: %d %s", name, path, reply.StatusCode, text)
			}
		}
	}
	w.must(w.admin(), "GET", "/api/v1/user", "")
}

// TestH116_no_row_lets_a_stranger_site_read_with_credentials asks every row, and its preflight, as a page of elsewhere.
//
// That it would see a defect: let the ThoughtSpot front's allow echo any origin.
func TestH116_no_row_lets_a_stranger_site_read_with_credentials(t *testing.T) {
	w := open(t)
	for _, r := range w.rows() {
		for _, origin := range []string{"https://evil.example", "null", "http://localhost.evil.example", "file://"} {
			for _, method := range []string{r.Method, "OPTIONS"} {
				a := w.ask(credential{"Origin": origin, "Access-Control-Request-Method": r.Method, "Access-Control-Request-Headers": "authorization,cookie"}, method, r.path, "")
				allowed, credentials := a.header.Get("Access-Control-Allow-Origin"), a.header.Get("Access-Control-Allow-Credentials")
				if allowed != "" && allowed != "*" || credentials != "" && credentials != "false" {
					t.Errorf("%s %s for %s: origin %q, credentials %q", method, r, origin, allowed, credentials)
				}
			}
		}
	}
}

// TestH117_files_are_downloads_and_nothing_is_sniffed looks at every answer that isn't JSON, and at the files of exports.
func TestH117_files_are_downloads_and_nothing_is_sniffed(t *testing.T) {
	w := open(t)
	check := func(name string, a answer) {
		kind := a.header.Get("Content-Type")
		if a.code >= 300 || kind == "" || len(a.body) == 0 || strings.Contains(kind, "json") {
			return
		}
		if a.header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: %s may be sniffed", name, kind)
		}
	}
	for _, r := range w.rows() {
		if r.Method == "GET" && !strings.EqualFold(r.ID, "logout") {
			check(r.String(), w.ask(w.admin(), r.Method, r.path, ""))
		}
	}
	check("the audit log", w.must(w.admin(), "GET", "/api/v1/inlay/audit?format=csv", ""))
	file := w.must(w.admin(), "GET", w.exported(w.admin()), "")
	check("an archive", file)
	if !strings.HasPrefix(file.header.Get("Content-Disposition"), "attachment") {
		t.Errorf("an archive is shown, not saved: %v", file.header)
	}
}

// TestH120_names_of_files_lead_nowhere_else puts a secret beside the files of exports, and a link to it among them.
//
// That it would see a defect: open a file by its path in schedule's files.
func TestH120_names_of_files_lead_nowhere_else(t *testing.T) {
	w := open(t)
	const kept = "the metadata of everybody"
	files := filepath.Join(w.Config.Data, "files")
	if err := os.WriteFile(filepath.Join(w.Config.Data, "kept.txt"), []byte(kept), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"link", "abcdefghijklmnopqrstu", "link.csv"} {
		if err := os.Symlink(filepath.Join(w.Config.Data, "kept.txt"), filepath.Join(files, name)); err != nil {
			t.Fatal(err)
		}
	}
	names := []string{"link", "link.csv", "abcdefghijklmnopqrstu", "..%2Fkept.txt", "%2e%2e%2fkept.txt", "%2e%2e/kept.txt", "..%5Ckept.txt", "....//kept.txt", "..%252Fkept.txt",
		url.PathEscape(filepath.Join(w.Config.Data, "kept.txt")), "%00../kept.txt", "kept.txt%00.csv", "..;/kept.txt"}
	for _, folder := range []string{"/api/v1/projects/" + w.facts.Project + "/csv/", "/api/v1/projects/" + w.facts.Project + "/exports/", "/assets/", "/", "/api/v1/slack/image/"} {
		for _, name := range names {
			address, err := url.Parse(folder + name)
			if err != nil {
				t.Fatal(err)
			}
			r := httptest.NewRequest("GET", "/", nil)
			r.URL, r.RequestURI = address, folder+name
			r.Header.Set("Authorization", w.admin()["Authorization"])
			reply := httptest.NewRecorder()
			w.Handler().ServeHTTP(reply, r)
			if strings.Contains(reply.Body.String(), kept) || reply.Code >= 500 && reply.Code != 501 {
				t.Errorf("%s%s: %d %.100s", folder, name, reply.Code, reply.Body)
			}
		}
	}
}

// TestH143_nothing_of_the_process_is_shown asks for what servers show of themselves when nobody turned it off.
func TestH143_nothing_of_the_process_is_shown(t *testing.T) {
	w := open(t)
	inner := []string{"goroutine", "heap profile", "go_gc", "process_", "cmdline", "memstats", w.Config.Secret, w.Config.Data, "INLAY_SECRET"}
	for _, path := range []string{"/debug/pprof/", "/debug/pprof/goroutine?debug=2", "/debug/pprof/cmdline", "/debug/vars", "/metrics", "/api/v1/metrics", "/api/metrics", "/actuator/env",
		"/server-status", "/.env", "/.git/config", "/inlay.db", "/cubejs-system/v1/context", "/api/v1/debug", "/debug/requests", "/swagger.json", "/api/v1/health"} {
		for name, as := range map[string]credential{"nobody": nil, "an admin": w.admin()} {
			a := w.ask(as, "GET", path, "")
			page := strings.HasPrefix(a.header.Get("Content-Type"), "text/html")
			if a.code < 300 && !page && path != "/api/v1/health" {
				t.Errorf("%s to %s: %s", path, name, a)
			}
			for _, word := range inner {
				if strings.Contains(string(a.body), word) {
					t.Errorf("%s tells %s of %q", path, name, word)
				}
			}
		}
	}
}
