package testkit_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"inlay/internal/api/fronttest"
)

// segments are path values that mean something to some router, file system, database or template, escaped as sent.
var junkSegments = []string{"..", "%2e%2e", "a%2Fb", ":key", "%7Bid%7D", "*", "%00", "%ff", "%27%20OR%201=1--", "%EF%BC%8E%EF%BC%8E", strings.Repeat("x", 10_000)}

// TestH08_H09_paths_of_junk_are_refused puts junk in the place of every path value, and writes paths in other ways.
// Only pages, which are HTML, answer what no row matches.
func TestH08_H09_paths_of_junk_are_refused(t *testing.T) {
	w := open(t)
	open := w.open()
	send := func(as credential, r row, path string) answer {
		address, err := url.Parse(path)
		if err != nil {
			t.Fatal(err)
		}
		request := httptest.NewRequest(r.Method, "/", strings.NewReader(r.body))
		request.URL, request.RequestURI = address, path
		request.Header.Set("Content-Type", "application/json")
		for name, value := range as {
			request.Header.Set(name, value)
		}
		recorder := httptest.NewRecorder()
		w.Handler().ServeHTTP(recorder, request)
		return answer{recorder.Code, recorder.Result().Header, recorder.Body.Bytes()}
	}
	for _, r := range w.rows() {
		places := parameter.FindAllString(r.Path, -1)
		if r.Method == "DELETE" {
			places = nil // the admin would delete what the next rows ask for
		}
		for _, place := range places {
			for _, junk := range junkSegments {
				path := w.address(strings.Replace(strings.Replace(r.pattern, place, "\x00", 1), "\x00", junk, 1))
				if a := send(w.admin(), r, path); broken(a) {
					t.Errorf("%s %s: %s", r.Method, path, a)
				}
			}
		}
		if open[r.ID] || r.Method == "OPTIONS" {
			continue
		}
		for _, path := range []string{r.path + "/", "/" + r.path, strings.Replace(r.path, "/v1/", "/./v1/", 1), strings.ToUpper(r.path), r.path + ";x", r.path + "%00"} {
			if a := send(nil, r, path); a.code < 300 && json.Valid(a.body) && len(a.body) > 0 || broken(a) {
				t.Errorf("%s %s: %s", r.Method, path, a)
			}
		}
	}
}

// TestH10_to_H13_bodies_of_junk_are_refused replaces each field of every body, and the bodies themselves.
func TestH10_to_H13_bodies_of_junk_are_refused(t *testing.T) {
	w := open(t)
	for _, r := range w.rows() {
		var body map[string]any
		if json.Unmarshal([]byte(r.body), &body) != nil || r.Method == "DELETE" || slices.Contains([]string{"Login", "Logout"}, r.ID) {
			continue
		}
		t.Run(r.ID, func(t *testing.T) { fronttest.Junk(t, w.Handler(), r.Method, r.path, w.admin(), body) })
	}
}

// TestH12_H13_large_queries_are_refused sends a query with too many parts, too deep filters, and a body over the limit.
func TestH12_H13_large_queries_are_refused(t *testing.T) {
	w := open(t)
	filter := `{"id":"1","target":{"fieldId":"orders_channel"},"operator":"equals","values":["web"]}`
	for name, body := range map[string]string{
		"dimensions":       strings.Replace(query, `["merchants_name","orders_channel"]`, `["orders_channel"`+strings.Repeat(`,"orders_channel"`, 100_000)+`]`, 1) + "}",
		"filters":          strings.Replace(query, `"filters":{}`, `"filters":{"dimensions":{"id":"0","and":[`+filter+strings.Repeat(","+filter, 30_000)+`]}}`, 1) + "}",
		"deep filters":     strings.Replace(query, `"filters":{}`, `"filters":{"dimensions":`+strings.Repeat(`{"id":"0","and":[`, 10_000)+strings.Repeat(`]}`, 10_000)+`}`, 1) + "}",
		"the whole body":   `{"x":"` + strings.Repeat("x", 6<<20) + `"}`,
		"half a body":      query,
		"the same twice":   query + `,"limit":1e308,"limit":"x"}`,
		"a negative limit": strings.Replace(query, `"limit":500`, `"limit":-1`, 1) + "}",
	} {
		a := w.ask(w.admin(), "POST", "/api/v1/projects/"+w.facts.Project+"/explores/orders/runQuery", body)
		if a.code < 400 || a.code >= 500 {
			t.Errorf("%s: %s", name, a)
		}
	}
}

// TestH15_other_methods_open_nothing sends every address with every method, also in the headers that replace it.
func TestH15_other_methods_open_nothing(t *testing.T) {
	w := open(t)
	open := w.open()
	for _, r := range w.rows() {
		if open[r.ID] || r.Method == "OPTIONS" {
			continue
		}
		for _, method := range []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "QUERY"} {
			a := w.ask(credential{"X-HTTP-Method-Override": r.Method, "X-Method-Override": r.Method}, method, r.path, r.body)
			page := strings.HasPrefix(a.header.Get("Content-Type"), "text/html")
			if broken(a) || a.code < 300 && !page && a.code != http.StatusNoContent && !w.openOn(open, method, r.Path) {
				t.Errorf("%s %s: %s", method, r.path, a)
			}
		}
	}
}

// openOn tells whether a path has a row for everybody with this method.
func (w *world) openOn(open map[string]bool, method, path string) bool {
	return slices.ContainsFunc(w.rows(), func(r row) bool { return r.Path == path && open[r.ID] && (r.Method == method || method == "HEAD") })
}
