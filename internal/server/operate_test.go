package server_test

import (
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"
)

type auditEvent struct {
	Who, Act, Target string
	Refused          bool
}

func (w *world) events(query string) []auditEvent {
	w.t.Helper()
	var page struct{ Events []auditEvent }
	w.got(&page, "GET", "/api/v1/inlay/audit?pageSize=1000&"+query, "")
	return page.Events
}

func TestH144_what_is_done_and_what_is_refused_is_in_the_log_that_nobody_edits(t *testing.T) {
	w := open(t)
	viewer := w.facts.Fronts.Native.Viewers[0]
	tenant, token := w.tenant("m-0001")
	w.refused(403, token, "POST", "/api/v1/inlay/revoke", `{"level":"tenant","target":"`+tenant+`"}`)
	w.got(nil, "PATCH", "/api/v1/inlay/embedding/tenants/"+tenant, `{"suspended":true}`)
	w.login(viewer.Email, "wrong-"+viewer.Password)
	w.login(viewer.Email, viewer.Password)
	w.token(viewer.Email)

	events := w.events("")
	for _, want := range []struct {
		act     string
		target  string
		refused bool
	}{
		{"login", viewer.Email, true}, {"login", viewer.Email, false}, {"token.create", "", false}, {"tenant.register upsolve", tenant, false},
		{"revokeAccess", "/api/v1/inlay/revoke", true}, {"tenant.suspend true", tenant, false}, {"key.create cube", "", false},
	} {
		if !slices.ContainsFunc(events, func(e auditEvent) bool {
			return e.Act == want.act && e.Refused == want.refused && (want.target == "" || e.Target == want.target)
		}) {
			t.Errorf("no %+v in %+v", want, events)
		}
	}
	for _, method := range []string{"POST", "PUT", "PATCH", "DELETE"} {
		w.refused(404, w.admin(), method, "/api/v1/inlay/audit", "{}")
	}
	for _, group := range w.Operations() {
		for _, op := range group.Operations {
			if strings.Contains(op.Path, "/audit") && op.Method != "GET" {
				t.Errorf("%s %s could change the log", op.Method, op.Path)
			}
		}
	}
	w.refused(403, "ApiKey "+w.token(viewer.Email), "GET", "/api/v1/inlay/audit", "")
	if refused := w.events("refused=true&act=audit.*"); len(refused) != 1 {
		t.Errorf("a try to read the log: %+v", refused)
	}
}

// token makes a personal access token for somebody.
func (w *world) token(email string) string {
	w.t.Helper()
	u, err := w.Identity.UserByEmail(w.t.Context(), email)
	w.ok(err)
	who, err := w.Identity.PrincipalOf(w.t.Context(), "", u.UUID)
	w.ok(err)
	made, err := w.Identity.CreateToken(w.t.Context(), who, "test", nil, false)
	w.ok(err)
	return made.Text
}

func TestH140_the_audit_log_holds_no_secret_and_no_row_value(t *testing.T) {
	w := open(t)
	f := w.facts.Fronts
	_, token := w.tenant("m-0042")
	personal := w.token(f.Native.Email)
	w.got(nil, "POST", "/api/v1/inlay/revoke", `{"level":"token","target":"`+strings.TrimPrefix(token, "Bearer ")+`"}`)
	w.got(nil, "POST", "/api/v1/inlay/revoke", `{"level":"token","target":"`+personal+`"}`)
	w.login(f.Native.Email, f.Native.Password)
	_, csv, header := ask(w.Handler(), w.admin(), "GET", "/api/v1/inlay/audit?format=csv", "")
	_, lines, _ := ask(w.Handler(), w.admin(), "GET", "/api/v1/inlay/audit?format=ndjson", "")
	if !strings.HasPrefix(header.Get("Content-Type"), "text/csv") || strings.Count(csv, "\n") != strings.Count(lines, "\n")+1 || strings.Count(lines, "\n") < 5 {
		t.Errorf("%s\n%s", csv, lines)
	}
	for name, secret := range map[string]string{"a tenant's token": strings.TrimPrefix(token, "Bearer "), "a personal token": personal,
		"a password": f.Native.Password, "a key": f.Upsolve.APIKey, "a secret key": f.ThoughtSpot.SecretKey, "a row's value": "m-0042\""} {
		if strings.Contains(csv+lines, secret) {
			t.Errorf("%s is in the log", name)
		}
	}
}

const leak = `type: model
name: price_list
sql_from: main.products
primary_key: [product_id]
shared: true
dimensions:
  - {name: name, type: string}
  - {name: list_price, type: number}
`

type isolation struct {
	Suspects int
	Charts   []struct {
		Name             string `json:"name"`
		TenantA          side   `json:"tenantA"`
		TenantB          side   `json:"tenantB"`
		CommonRows       int    `json:"commonRows"`
		UnconfinedTables []string
		Suspect          bool
	}
}

type side struct {
	Rows   int
	Digest string
	Failed string
}

func TestTheIsolationReportFindsATableThatIsSharedAndShouldNotBe(t *testing.T) {
	w := open(t, leak)
	a, _ := w.tenant("m-0001")
	b, _ := w.tenant("m-0042")
	path := fmt.Sprintf("/api/v1/inlay/isolation-check?projectUuid=%s&tenantA=%s&tenantB=%s", w.facts.Project, a, b)
	var before, after isolation
	w.got(&before, "GET", path, "")
	if before.Suspects != 0 || len(before.Charts) < 5 {
		t.Fatalf("before: %+v", before)
	}
	w.got(nil, "POST", "/api/v1/projects/"+w.facts.Project+"/saved", `{"name":"Prices","tableName":"price_list","metricQuery":{"exploreName":"price_list",
		"dimensions":["price_list_name","price_list_list_price"],"metrics":[],"filters":{},"sorts":[],"limit":5000,"tableCalculations":[]},
		"chartConfig":{"type":"table"},"tableConfig":{"columnOrder":[]}}`)
	w.got(&after, "GET", path, "")
	if after.Suspects != 1 {
		t.Fatalf("after: %+v", after)
	}
	for _, c := range after.Charts {
		if c.Suspect != (c.Name == "Prices") {
			t.Errorf("%+v", c)
		}
		if c.Suspect && (c.CommonRows == 0 || c.TenantA.Digest != c.TenantB.Digest || !strings.Contains(c.UnconfinedTables[0], "price_list: the model marks it as shared")) {
			t.Errorf("%+v", c)
		}
	}
	w.refused(404, w.admin(), "GET", strings.Replace(path, b, uuid.NewString(), 1), "")
	w.refused(404, w.admin(), "GET", strings.Replace(path, w.facts.Project, uuid.NewString(), 1), "")
	w.refused(403, "ApiKey "+w.token(w.facts.Fronts.Native.Viewers[0].Email), "GET", path, "")
}

// Each file of testdata/explain is a request for an explanation, a line of dashes, and the answer. {m-0001} stands for
// the tenant's id, {viewer} for the first viewer's, {project} for the project's.
func TestExplanations(t *testing.T) {
	w := open(t)
	tenant, _ := w.tenant("m-0001")
	viewer, err := w.Identity.UserByEmail(t.Context(), w.facts.Fronts.Native.Viewers[0].Email)
	w.ok(err)
	admin, err := w.Identity.UserByEmail(t.Context(), w.facts.Fronts.Native.Email)
	w.ok(err)
	names := strings.NewReplacer("{m-0001}", tenant, "{viewer}", viewer.UUID, "{admin}", admin.UUID, "{project}", w.facts.Project)
	files, err := filepath.Glob("testdata/explain/*.txt")
	w.ok(err)
	if len(files) == 0 {
		t.Fatal("there are no cases")
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			data, err := os.ReadFile(file)
			w.ok(err)
			request, want, _ := strings.Cut(string(data), "\n---\n")
			_, got, _ := ask(w.Handler(), w.admin(), "POST", "/api/v1/inlay/explain", names.Replace(request))
			got = indented(t, got)
			if os.Getenv("INLAY_UPDATE") != "" {
				w.ok(os.WriteFile(file, []byte(request+"\n---\n"+got+"\n"), 0o600))
				return
			}
			if strings.TrimSpace(want) != got {
				t.Errorf("got\n%s", got)
			}
		})
	}
}

func indented(t *testing.T, text string) string {
	t.Helper()
	var value any
	if err := json.Unmarshal([]byte(text), &value); err != nil {
		return text
	}
	out, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(string(out), `\n`, "\n")
}

func (w *world) question(run bool, as string) string {
	return fmt.Sprintf(`{"projectUuid":%q,"run":%t,"as":%s,"query":{"exploreName":"merchants","dimensions":["merchants_merchant_id"],"metrics":[],
		"filters":{},"sorts":[],"limit":5000,"tableCalculations":[]}}`, w.facts.Project, run, as)
}

func TestH89_view_as_shows_the_viewers_rows_once_is_audited_and_does_not_nest(t *testing.T) {
	w := open(t)
	tenant, token := w.tenant("m-0001")
	viewer, err := w.Identity.UserByEmail(t.Context(), w.facts.Fronts.Native.Viewers[1].Email)
	w.ok(err)
	for as, id := range map[string]string{`{"tenantId":"` + tenant + `"}`: "m-0001", `{"userUuid":"` + viewer.UUID + `"}`: "m-0042"} {
		var seen struct{ Rows json.RawMessage }
		w.got(&seen, "POST", "/api/v1/inlay/explain", w.question(true, as))
		if strings.Count(string(seen.Rows), `"raw"`) != 1 || !strings.Contains(string(seen.Rows), id) {
			t.Errorf("as %s: %s", as, seen.Rows)
		}
	}
	if events := w.events("act=view.as"); len(events) != 2 || events[0].Refused {
		t.Errorf("the log has %+v", events)
	}
	as := `{"userUuid":"` + w.adminID() + `"}`
	w.refused(403, token, "POST", "/api/v1/inlay/explain", w.question(true, as))
	w.refused(403, "ApiKey "+w.token(viewer.Email), "POST", "/api/v1/inlay/explain", w.question(true, as))
	for _, as := range []string{`{}`, `{"userUuid":"` + viewer.UUID + `","tenantId":"` + tenant + `"}`} {
		w.refused(400, w.admin(), "POST", "/api/v1/inlay/explain", w.question(true, as))
	}
	w.refused(404, w.admin(), "POST", "/api/v1/inlay/explain", w.question(true, `{"userUuid":"`+uuid.NewString()+`"}`))
}

func (w *world) adminID() string {
	w.t.Helper()
	u, err := w.Identity.UserByEmail(w.t.Context(), w.facts.Fronts.Native.Email)
	w.ok(err)
	return u.UUID
}

// embedToken makes a token by Cube's front, and gives its session's id too.
func (w *world) embedToken() (credential, session string) {
	w.t.Helper()
	cube := w.facts.Fronts.Cube
	_, text, _ := ask(w.Handler(), "Api-Key "+cube.APIKey, "POST", "/api/v1/embed/generate-session",
		fmt.Sprintf(`{"deploymentId":%d,"externalId":"somebody","securityContext":{"merchant_id":"m-0137"}}`, cube.Deployment))
	var made struct{ SessionID, Token string }
	w.ok(json.Unmarshal([]byte(text), &made))
	_, text, _ = ask(w.Handler(), "", "POST", "/api/v1/embed/session/token", fmt.Sprintf(`{"sessionId":%q}`, made.SessionID))
	w.ok(json.Unmarshal([]byte(text), &made))
	who, err := w.Tenancy.ResolveEmbed(w.t.Context(), made.Token)
	w.ok(err)
	return "Embed-Token " + made.Token, who.Credential
}

func TestAQuotaIsAnsweredWith429AndRetryAfterOnTheOneTenant(t *testing.T) {
	w := open(t)
	tenant, credential := w.tenant("m-0001")
	_, neighbour := w.tenant("m-0042")
	w.got(nil, "PATCH", "/api/v1/inlay/embedding/tenants/"+tenant, `{"quota":{"requestsPerMinute":2}}`)
	path := "/api/v1/saved/" + w.chart("Revenue") + "/results"
	codes := map[int]int{}
	var after string
	for range 4 {
		code, _, header := ask(w.Handler(), credential, "POST", path, "{}")
		codes[code]++
		if code == 429 {
			after = header.Get("Retry-After")
		}
	}
	if codes[200] < 2 || codes[429] == 0 || after == "" { // a minute may turn in between
		t.Errorf("%v, Retry-After %q", codes, after)
	}
	w.gotAs(neighbour, nil, "POST", path, "{}")
}

func (w *world) chart(name string) string {
	w.t.Helper()
	charts, err := w.Content.ForProjects().Charts(w.t.Context(), w.facts.Project)
	w.ok(err)
	for _, c := range charts {
		if c.Name == name {
			return c.UUID
		}
	}
	w.t.Fatalf("there is no chart %q", name)
	return ""
}

// A page with several dashboards asks for several tokens at once, also when its reader has never been here.
func TestFirstTokensOfOneUserThatAreAskedForAtOnceAreAllGiven(t *testing.T) {
	w := open(t)
	for user := range 5 {
		body := fmt.Sprintf("secret_key=%s&username=new-%d&access_level=FULL&autocreate=true", w.facts.Fronts.ThoughtSpot.SecretKey, user)
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				r := httptest.NewRequest("POST", "/callosum/v1/tspublic/v1/session/auth/token", strings.NewReader(body))
				r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
				answer := httptest.NewRecorder()
				if w.Handler().ServeHTTP(answer, r); answer.Code != 200 {
					t.Errorf("%d %s", answer.Code, answer.Body)
				}
			})
		}
		all.Wait()
	}
}

func TestHitsAndMissesOfTheCacheAreCounted(t *testing.T) {
	w := open(t)
	count := func() (c struct{ Hits, Shared, Misses int }) {
		w.got(&c, "GET", "/api/v1/inlay/cache", "")
		return c
	}
	run := func(limit int) {
		w.got(nil, "POST", "/api/v1/projects/"+w.facts.Project+"/explores/orders/runQuery", fmt.Sprintf(`{"exploreName":"orders",
			"dimensions":["orders_status"],"metrics":[],"filters":{},"sorts":[],"limit":%d,"tableCalculations":[]}`, limit))
	}
	before := count()
	for _, limit := range []int{3, 3, 4, 3} {
		run(limit)
	}
	after := count()
	if hits, misses := after.Hits-before.Hits, after.Misses-before.Misses; hits != 2 || misses != 2 || after.Shared != before.Shared {
		t.Errorf("from %+v to %+v", before, after)
	}
	w.refused(403, "ApiKey "+w.token(w.facts.Fronts.Native.Viewers[0].Email), "GET", "/api/v1/inlay/cache", "")
}
