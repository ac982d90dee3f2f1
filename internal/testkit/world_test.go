package testkit_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"inlay/internal/demo"
	"inlay/internal/server"
	"inlay/internal/store/storetest"
	"inlay/internal/testkit"
	"inlay/internal/warehouse"
)

// seeded is the folder of a demo that was filled and closed; every server of these tests runs on a copy of it.
var seeded demo.Folder

func TestMain(m *testing.M) {
	folder, err := os.MkdirTemp("", "inlay-demo-")
	if err == nil {
		seeded = demo.Folder(folder)
		err = testkit.SeedDemo(context.Background(), seeded, 20_000)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	_ = os.RemoveAll(folder) // of the system's temporary folder
	os.Exit(code)
}

// world is a running server with the demo.
type world struct {
	*server.Server
	t      testing.TB
	facts  *demo.Facts
	charts map[string]string // uuids by name
	later  atomic.Int64      // how far the clock is ahead, in nanoseconds
}

func (w *world) now() time.Time { return time.Now().Add(time.Duration(w.later.Load())) }

func open(t testing.TB, statements ...string) *world {
	t.Helper()
	return openOn(t, "", statements...)
}

// each runs a test on a server of its own with each kind of metadata.
func each(t *testing.T, f func(w *world)) {
	t.Run("SQLite", func(t *testing.T) { f(open(t)) })
	t.Run("PostgreSQL", func(t *testing.T) { f(openOn(t, storetest.PostgresAddress(t))) })
}

// openOn is open with the metadata elsewhere, in an empty database.
func openOn(t testing.TB, metadata string, statements ...string) *world {
	t.Helper()
	return openDemo(t, testkit.Demo{Metadata: metadata, Statements: statements})
}

// openOver is open with the rows elsewhere.
func openOver(t testing.TB, rows warehouse.Settings) *world {
	t.Helper()
	return openDemo(t, testkit.Demo{Warehouse: rows})
}

func openDemo(t testing.TB, d testkit.Demo) *world {
	t.Helper()
	w := &world{t: t, charts: map[string]string{}}
	d.Seeded, d.Folder, d.Now = seeded, demo.Folder(filepath.Join(t.TempDir(), "demo")), w.now
	s, facts, err := testkit.OpenDemo(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close(context.Background()) }) // its folder goes too
	s.Projects.Start()
	w.Server, w.facts = s, facts
	for _, d := range facts.Dashboards {
		tiles, _ := at(w.must(w.admin(), "GET", "/api/v1/dashboards/"+d.UUID, "").body, "results.tiles").([]any)
		for _, tile := range tiles {
			properties := tile.(map[string]any)["properties"].(map[string]any)
			if chart, ok := properties["savedChartUuid"].(string); ok {
				w.charts[properties["chartName"].(string)] = chart
			}
		}
	}
	return w
}

// credential are the headers that somebody comes with.
type credential map[string]string

type answer struct {
	code   int
	header http.Header
	body   []byte
}

func (a answer) String() string { return fmt.Sprintf("%d %.600s", a.code, a.body) }

// ask sends a request. A body that isn't JSON is a form.
func (w *world) ask(as credential, method, path, body string) answer {
	r := httptest.NewRequest(method, "/", strings.NewReader(body))
	r.URL.Path, r.URL.RawQuery, _ = strings.Cut(path, "?")
	r.Header.Set("Content-Type", "application/json")
	if body != "" && !strings.ContainsAny(body[:1], "{[") {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for name, value := range as {
		r.Header.Set(name, value)
	}
	recorder := httptest.NewRecorder()
	w.Handler().ServeHTTP(recorder, r)
	return answer{recorder.Code, recorder.Result().Header, recorder.Body.Bytes()}
}

// must is ask for what has to succeed.
func (w *world) must(as credential, method, path, body string) answer {
	w.t.Helper()
	a := w.ask(as, method, path, body)
	if a.code >= 400 {
		w.t.Fatalf("%s %s %s: %s", method, path, body, a)
	}
	return a
}

// got asks and gives the text at a path of the answer.
func (w *world) got(as credential, path, body, member string) string {
	w.t.Helper()
	a := w.must(as, "POST", path, body)
	text, ok := at(a.body, member).(string)
	if !ok {
		w.t.Fatalf("%s: no %s in %s", path, member, a)
	}
	return text
}

// at gives the JSON value at a path, or nil.
func at(body []byte, path string) any {
	var value any
	if json.Unmarshal(body, &value) != nil {
		return nil
	}
	for name := range strings.SplitSeq(path, ".") {
		object, _ := value.(map[string]any)
		value = object[name]
	}
	return value
}

func text(value any) string {
	data, err := json.Marshal(value)
	if err != nil {
		return err.Error()
	}
	return string(data)
}

func (w *world) admin() credential {
	return credential{"Authorization": "ApiKey " + w.facts.Fronts.Native.Token}
}

// The ways in, one a kind of principal.

func (w *world) upsolve(t demo.TenantFacts, permissions map[string]bool) credential {
	body := map[string]any{"apiKey": w.facts.Fronts.Upsolve.APIKey, "displayName": t.Name, "key": t.Key, "prefilters": t.Prefilters}
	if permissions != nil {
		body["tenantEditingPermissions"] = permissions
	}
	return credential{"Authorization": "Bearer " + w.got(nil, "/v1/api/tenant/register-tenant", text(body), "data.token")}
}

// cube gives an embed token for a session with some more members.
func (w *world) cube(session map[string]any) credential {
	session["deploymentId"] = w.facts.Deployment
	id := w.got(credential{"Authorization": "Api-Key " + w.facts.Fronts.Cube.APIKey}, "/api/v1/embed/generate-session", text(session), "sessionId")
	return credential{"Authorization": "Embed-Token " + w.got(nil, "/api/v1/embed/session/token", text(map[string]any{"sessionId": id}), "token")}
}

// data exchanges an embed token for one of the data API.
func (w *world) data(embed credential) credential {
	path := fmt.Sprintf("/api/v1/deployments/%d/token", w.facts.Deployment)
	return credential{"Authorization": w.got(embed, path, "{}", "cubeApiToken")}
}

// trusted opens a ThoughtSpot session with some more fields of the form.
func (w *world) trusted(user, form string) credential {
	token := w.must(nil, "POST", "/callosum/v1/tspublic/v1/session/auth/token",
		"secret_key="+w.facts.Fronts.ThoughtSpot.SecretKey+"&username="+user+"&autocreate=true&"+form)
	a := w.must(nil, "POST", "/callosum/v1/tspublic/v1/session/login/token", "no_url_redirection=true&username="+user+"&auth_token="+string(token.body))
	return credential{"Cookie": cookies(a), "X-Requested-By": "test"}
}

func (w *world) login(email, password string) credential {
	a := w.must(nil, "POST", "/api/v1/login", text(map[string]string{"email": email, "password": password}))
	return credential{"Cookie": cookies(a)}
}

func cookies(a answer) string {
	var all []string
	for _, c := range (&http.Response{Header: a.header}).Cookies() {
		all = append(all, c.Name+"="+c.Value)
	}
	return strings.Join(all, "; ")
}
