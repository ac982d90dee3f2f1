package testkit_test

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"inlay/internal/access"
	"inlay/internal/api"
	"inlay/internal/identity"
)

// row is an operation with an address and a body that mean something in the demo.
type row struct {
	api.Operation
	pattern, path, body string
}

func (r row) String() string { return r.ID + " " + r.Method + " " + r.path }

// exists tells whether the address names something of ours.
func (r row) exists() bool {
	return strings.Contains(r.Path, "{") && !strings.Contains(r.path, uuid.Nil.String())
}

// rows lists every operation of every front. A new one is among them without a change here.
func (w *world) rows() []row {
	var all []row
	groups := w.Operations()
	samples := newSamples(api.Document("", "", groups...))
	for _, group := range groups {
		for _, op := range group.Operations {
			all = append(all, row{op, op.Path, w.address(op.Path), samples.body(op.Method, op.Path)})
		}
	}
	return all
}

var parameter = regexp.MustCompile(`\{(\w+)\}`)

// address fills in ids that exist, as far as the demo has some.
func (w *world) address(path string) string {
	ids := map[string]string{
		"projectUuid": w.facts.Project, "dashboardUuid": w.facts.Dashboards[0].UUID, "dashboard": w.facts.Dashboards[0].UUID,
		"publicId": w.facts.Dashboards[0].PublicID, "organizationUuid": w.facts.Organization, "chartUuid": w.charts["Revenue"],
		"exploreId": "orders", "table": "orders", "fieldId": "orders_channel", "field": "orders_channel",
		"deploymentId": fmt.Sprint(w.facts.Deployment), "slug": w.facts.Dashboards[0].Slug,
	}
	return parameter.ReplaceAllStringFunc(path, func(name string) string {
		if id, ok := ids[strings.Trim(name, "{}")]; ok {
			return id
		}
		return uuid.Nil.String()
	})
}

// samples makes bodies that fit the declared forms.
type samples struct{ paths, schemas map[string]any }

func newSamples(document map[string]any) samples {
	components := document["components"].(map[string]any)
	return samples{document["paths"].(map[string]any), components["schemas"].(map[string]any)}
}

func (s samples) body(method, path string) string {
	if schema := s.bodySchema(method, path); schema != nil {
		return text(s.value(schema, 0))
	}
	return ""
}

func (s samples) operation(method, path string) map[string]any {
	at, _ := s.paths[path].(map[string]any)
	op, _ := at[strings.ToLower(method)].(map[string]any)
	return op
}

// bodySchema is what an operation declares of its body; nil when it takes none.
func (s samples) bodySchema(method, path string) map[string]any {
	body, ok := s.operation(method, path)["requestBody"].(map[string]any)
	if !ok {
		return nil
	}
	kinds := body["content"].(map[string]any)
	return kinds["application/json"].(map[string]any)["schema"].(map[string]any)
}

// query gives the schemas of an operation's query parameters by their names.
func (s samples) query(method, path string) map[string]map[string]any {
	found := map[string]map[string]any{}
	list, _ := s.operation(method, path)["parameters"].([]any)
	for _, item := range list {
		if p := item.(map[string]any); p["in"] == "query" {
			found[p["name"].(string)] = p["schema"].(map[string]any)
		}
	}
	return found
}

func (s samples) value(schema map[string]any, depth int) any {
	if name, ok := schema["$ref"].(string); ok {
		schema = s.schemas[strings.TrimPrefix(name, "#/components/schemas/")].(map[string]any)
	}
	if options, ok := schema["enum"].([]string); ok {
		return options[0]
	}
	switch kindOf(schema) {
	case "string":
		return "x"
	case "integer", "number":
		return 1
	case "boolean":
		return false
	case "array":
		if depth < 5 {
			return []any{s.value(schema["items"].(map[string]any), depth+1)}
		}
		return []any{}
	}
	object := map[string]any{}
	properties, _ := schema["properties"].(map[string]any)
	if depth < 5 {
		for name, property := range properties {
			object[name] = s.value(property.(map[string]any), depth+1)
		}
	}
	return object
}

// kindOf is the kind of value that a schema takes; none when it takes any.
func kindOf(schema map[string]any) string {
	if either, ok := schema["type"].([]string); ok {
		return either[0]
	}
	kind, _ := schema["type"].(string)
	return kind
}

// open reads the ids of the operations for everybody: one or more a line; what follows a # says why.
func (w *world) open() map[string]bool {
	w.t.Helper()
	data, err := os.ReadFile("testdata/open.txt")
	if err != nil {
		w.t.Fatal(err)
	}
	rows := w.rows()
	found := map[string]bool{}
	for line := range strings.Lines(string(data)) {
		line, _, _ = strings.Cut(line, "#")
		for _, id := range strings.Fields(line) {
			found[id] = true
			if !slices.ContainsFunc(rows, func(r row) bool { return r.ID == id }) {
				w.t.Errorf("testdata/open.txt: there is no operation %s", id)
			}
		}
	}
	return found
}

func refused(code int) bool {
	return code == http.StatusUnauthorized || code == http.StatusForbidden || code == http.StatusNotFound || code == http.StatusTooManyRequests
}

// broken tells whether an answer is a failure of ours. What isn't built says so with 501, and clients of the Cube data
// API expect 500 for a body that isn't JSON.
func broken(a answer) bool {
	return a.code >= 500 && a.code != http.StatusNotImplemented && !strings.Contains(string(a.body), `"SyntaxError: `)
}

// TestH01_H02_no_row_answers_without_a_valid_credential sends every row without a credential, and with ones that are
// made up, expired or revoked. Rows for everybody are listed in testdata/open.txt, each with the reason: a row that
// declares no policy is refused here until it is listed.
func TestH01_H02_no_row_answers_without_a_valid_credential(t *testing.T) {
	w := open(t)
	open := w.open()
	credentials := map[string]credential{
		"none": {}, "a made-up key": {"Authorization": "ApiKey made-up"}, "a made-up Cube key": {"Authorization": "Api-Key made-up"},
		"a made-up bearer": {"Authorization": "Bearer made-up"}, "half a bearer": {"Authorization": "Bearer"}, "no scheme": {"Authorization": "made-up"},
		"a forged token":        {"Authorization": "Bearer eyJhbGciOiJub25lIn0.eyJhdWQiOiJpbmxheTp0ZW5hbnQiLCJ0aWQiOiJ4In0."},
		"a made-up embed token": {"Authorization": "Embed-Token a.b.c"}, "made-up cookies": {"Cookie": "connect.sid=s%3Amade.up; JSESSIONID=made-up", "X-Requested-By": "test"},
		"a revoked key": w.revoked(),
	}
	for _, who := range principals {
		credentials["expired: "+who.name] = who.enter(w, w.facts.Tenants[0])
	}
	w.later.Store(int64(31 * 24 * time.Hour))
	for _, r := range w.rows() {
		for _, name := range slices.Sorted(maps.Keys(credentials)) {
			a := w.ask(credentials[name], r.Method, r.path, r.body)
			switch {
			case broken(a):
				t.Errorf("%s with %s: %s", r, name, a)
			case r.Endpoint != nil && r.Method != "OPTIONS" && !open[r.ID] && (!refused(a.code) || a.code == http.StatusNotFound):
				t.Errorf("%s with %s: %s", r, name, a)
			}
		}
	}
}

// revoked is a personal access token that its owner deleted.
func (w *world) revoked() credential {
	who := w.principal(w.facts.Organization, access.Admin)
	token, err := w.Identity.CreateToken(context.Background(), who, "revoked", nil, false)
	if err == nil {
		err = w.Identity.DeleteToken(context.Background(), who, token.UUID)
	}
	if err != nil {
		w.t.Fatal(err)
	}
	return credential{"Authorization": "ApiKey " + token.Text}
}

// principal makes a user with a role.
func (w *world) principal(organization string, role access.Role) access.Principal {
	w.t.Helper()
	name := string(role) + "-" + uuid.NewString()[:8]
	user, err := w.Identity.CreateUser(context.Background(), identity.NewUser{Organization: organization, Role: role, Email: name + "@example.com",
		EmailVerified: true, First: name, Password: "password-1", SetupComplete: true})
	if err != nil {
		w.t.Fatal(err)
	}
	who, err := w.Identity.PrincipalOf(context.Background(), organization, user.UUID)
	if err != nil {
		w.t.Fatal(err)
	}
	return who
}

// key is a personal access token for a new user with a role.
func (w *world) key(organization string, role access.Role) credential {
	w.t.Helper()
	token, err := w.Identity.CreateToken(context.Background(), w.principal(organization, role), "test", nil, false)
	if err != nil {
		w.t.Fatal(err)
	}
	return credential{"Authorization": "ApiKey " + token.Text}
}

// ours are words that only our organization's answers hold.
var ours = []string{"Parcelwise", "parcelwise.example", "Revenue by month", "merchant_id", "m-0001"}

func tells(a answer) string {
	for _, word := range ours {
		if strings.Contains(string(a.body), word) {
			return word
		}
	}
	return ""
}

// TestH03_H04_nobody_outside_gets_anything_with_our_ids asks with valid ids of ours, as the admin of another organization
// and as a member of ours without a role.
func TestH03_H04_nobody_outside_gets_anything_with_our_ids(t *testing.T) {
	w := open(t)
	organization, err := w.Identity.MakeOrganization(t.Context(), identity.NewOrganization{Name: "Other"})
	if err != nil {
		t.Fatal(err)
	}
	open := w.open()
	foreign := w.key(organization, access.Admin)
	for _, r := range w.rows() {
		a := w.ask(foreign, r.Method, r.path, r.body)
		if word := tells(a); broken(a) || word != "" {
			t.Errorf("another organization, %s: %s (%s)", r, a, word)
		}
		if a.code < 300 && r.exists() && !open[r.ID] && r.Method != "OPTIONS" {
			t.Errorf("another organization, %s: %s", r, a)
		}
	}
	member := w.key(w.facts.Organization, access.Member)
	for _, r := range w.rows() {
		a := w.ask(member, r.Method, r.path, r.body)
		if broken(a) || a.code < 300 && r.exists() && !open[r.ID] && (r.Method != "GET" || tells(a) != "") && r.Method != "OPTIONS" {
			t.Errorf("a member, %s: %s", r, a)
		}
	}
}

// TestH05_H06_embedded_principals_stay_on_their_rows asks every row that isn't for them.
func TestH05_H06_embedded_principals_stay_on_their_rows(t *testing.T) {
	w := open(t)
	open := w.open()
	owners := ownersOf(t, w.facts.Warehouse)
	for _, who := range principals {
		as := who.enter(w, w.facts.Tenants[0])
		for _, r := range w.rows() {
			if strings.EqualFold(r.ID, "logout") {
				continue // it ends the session that the others come with
			}
			a := w.ask(as, r.Method, r.path, r.body)
			if broken(a) {
				t.Errorf("%s, %s: %s", who.name, r, a)
			}
			directory := who.colleague && r.ID == "ListOrganizationMembers" // as on the reference, members know each other
			if found := owners.others("m-0001", a); len(found) > 0 && !directory {
				t.Errorf("%s, %s tells of %v: %s", who.name, r, found, a)
			}
			if r.Endpoint != nil && !r.Embed && !open[r.ID] && !who.account && !refused(a.code) {
				t.Errorf("%s, %s: %s", who.name, r, a)
			}
		}
	}
}

// TestH04_a_weaker_role_may_nothing_that_a_stronger_may_not compares roles on every row.
func TestH04_a_weaker_role_may_nothing_that_a_stronger_may_not(t *testing.T) {
	w := open(t)
	roles := []access.Role{access.Member, access.Viewer, access.InteractiveViewer, access.Editor, access.Developer}
	may := map[string]access.Role{}
	for _, role := range roles {
		as := w.key(w.facts.Organization, role)
		for _, r := range w.rows() {
			a := w.ask(as, r.Method, r.path, r.body)
			if broken(a) {
				t.Errorf("%s, %s: %s", role, r, a)
			}
			if weaker, ok := may[r.String()]; ok && a.code == http.StatusForbidden {
				t.Errorf("%s: %s may, and %s may not: %s", r, weaker, role, a)
			}
			if a.code < 300 {
				may[r.String()] = role
			}
		}
	}
}
