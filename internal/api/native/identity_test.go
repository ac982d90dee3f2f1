package native

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"inlay/internal/access"
	"inlay/internal/api"
	"inlay/internal/fault"
	"inlay/internal/identity"
	"inlay/internal/secret"
	"inlay/internal/store"
	"inlay/internal/store/storetest"
)

const (
	ourOrganization, theirOrganization = "10000000-0000-4000-8000-000000000001", "20000000-0000-4000-8000-000000000002"
	ourProject                         = "30000000-0000-4000-8000-000000000003"
)

// oneProject is the port to projects of a server with one project.
type oneProject struct{}

func (oneProject) OrganizationOf(_ context.Context, project string) (string, error) {
	if project == ourProject {
		return ourOrganization, nil
	}
	return "", fault.New(fault.NotFound, "There is no such project")
}
func (oneProject) Has(context.Context, string) (bool, error)       { return true, nil }
func (oneProject) EraseOrganization(context.Context, string) error { return nil }

// front is a server with the operations of identity only, and a session for each of its users.
type front struct {
	t        *testing.T
	service  *identity.Service
	handler  http.Handler
	rows     []api.Operation
	sessions map[string]string
	users    map[string]string
}

func identityFront(t *testing.T, db *store.DB) *front {
	t.Helper()
	key, err := secret.New("a secret that is long enough to start with, at least here")
	check(t, err)
	s, err := identity.New(db, key, identity.Config{Projects: oneProject{}})
	check(t, err)
	rows := slices.Concat(IdentityRows(s), OrganizationRows(s), GroupRows(s), AccessRows(s), AttributeRows(s), TokenRows(s))
	f := &front{t: t, service: s, sessions: map[string]string{}, users: map[string]string{}}
	for _, op := range Operations(rows) {
		if op.Endpoint != nil {
			f.rows = append(f.rows, op)
		}
	}
	router := &api.Router{Fallback: http.NotFoundHandler()}
	router.Mount(Front(s.Resolve, slog.New(slog.NewTextHandler(t.Output(), nil))), f.rows)
	f.handler = s.Rolling(router)
	for _, id := range []string{ourOrganization, theirOrganization} {
		_, err := s.MakeOrganization(t.Context(), identity.NewOrganization{UUID: id, Name: id[:1]})
		check(t, err)
	}
	for _, role := range []access.Role{"member", "viewer", "interactive_viewer", "editor", "developer", "admin"} {
		f.add(string(role), ourOrganization, role)
	}
	f.add("stranger", theirOrganization, access.Admin)
	return f
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (f *front) add(name, organization string, role access.Role) {
	f.t.Helper()
	u, err := f.service.CreateUser(f.t.Context(), identity.NewUser{Organization: organization, Role: role, Email: name + "@example.com"})
	check(f.t, err)
	f.users[name] = u.UUID
	f.login(name)
}

func (f *front) login(name string) {
	f.t.Helper()
	session, err := f.service.OpenSession(f.t.Context(), f.users[name], identity.SessionOptions{})
	check(f.t, err)
	f.sessions[name] = session.Token
}

func (f *front) send(who, method, path, body string) *httptest.ResponseRecorder {
	f.t.Helper()
	r := httptest.NewRequest(method, "/", io.NopCloser(strings.NewReader(body)))
	r.URL.Path, r.Host = path, "inlay.example"
	if path, query, ok := strings.Cut(path, "?"); ok {
		r.URL.Path, r.URL.RawQuery = path, query
	}
	r.Header.Set("Content-Type", "application/json")
	if token := f.sessions[who]; token != "" {
		r.AddCookie(&http.Cookie{Name: "connect.sid", Value: token})
	}
	out := httptest.NewRecorder()
	f.handler.ServeHTTP(out, r)
	return out
}

func TestAbilityRulesAreThoseRecordedForEachRole(t *testing.T) {
	var scenario struct {
		Steps []struct {
			Name, Auth string
			Expect     *struct {
				JSON struct {
					Results json.RawMessage `json:"results"`
				} `json:"json"`
			} `json:"expect"`
		} `json:"steps"`
	}
	compared := 0
	for _, name := range []string{"01_users_setup", "02_user"} {
		data, err := os.ReadFile(filepath.Join(recordings(t), "scenarios", name+".json"))
		check(t, err)
		check(t, json.Unmarshal(data, &scenario))
		for _, step := range scenario.Steps {
			var results struct {
				Role         access.Role `json:"role"`
				AbilityRules []any       `json:"abilityRules"`
			}
			if step.Expect == nil || json.Unmarshal(step.Expect.JSON.Results, &results) != nil || results.AbilityRules == nil {
				continue // a step without rules
			}
			user := "{{" + string(results.Role) + "_uuid}}"
			if results.Role == access.Admin {
				user = "{{admin2_uuid}}"
			}
			who := access.Principal{Kind: access.User, User: user, Organization: "{{org}}", OrgRole: results.Role}
			if got, want := sortedJSON(t, rulesToWire(who)), sortedJSON(t, results.AbilityRules); !reflect.DeepEqual(got, want) {
				t.Errorf("%s: the rules are\n%s\nrecorded\n%s", step.Name, strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
			compared++
		}
	}
	if compared < 10 {
		t.Errorf("only %d recordings have rules", compared)
	}
}

// sortedJSON writes each element of a list, in an order of its own.
func sortedJSON(t *testing.T, list any) []string {
	t.Helper()
	data, err := json.Marshal(list)
	check(t, err)
	var items []any
	check(t, json.Unmarshal(data, &items))
	lines := make([]string, len(items))
	for i, item := range items {
		line, err := json.Marshal(item)
		check(t, err)
		lines[i] = string(line)
	}
	slices.Sort(lines)
	return lines
}

// fill puts a value into every {name} of a path.
func fill(path, value string) string {
	parts := strings.Split(path, "/")
	for i, part := range parts {
		if strings.HasPrefix(part, "{") {
			parts[i] = value
		}
	}
	return strings.Join(parts, "/")
}

func TestH01_EveryOperationNeedsItsCredential(t *testing.T) {
	f := identityFront(t, storetest.SQLite(t))
	token, err := f.service.CreateToken(t.Context(), access.Principal{User: f.users["admin"]}, "key", nil, false)
	check(t, err)
	for _, op := range f.rows {
		path := fill(op.Path, "00000000-0000-4000-8000-000000000000")
		if op.Auth == api.Public {
			continue
		}
		for _, scheme := range []string{"", "Bearer ", "Basic ", "ApiKey "} {
			r := httptest.NewRequest(op.Method, path, strings.NewReader("{}"))
			if scheme != "" {
				r.Header.Set("Authorization", scheme+"nonsense")
			}
			out := httptest.NewRecorder()
			f.handler.ServeHTTP(out, r)
			if out.Code != http.StatusUnauthorized {
				t.Errorf("%s with %q: %d %s", op.ID, scheme, out.Code, out.Body)
			}
		}
		if op.Auth == api.Session {
			r := httptest.NewRequest(op.Method, path, strings.NewReader("{}"))
			r.Header.Set("Authorization", "ApiKey "+token.Text)
			out := httptest.NewRecorder()
			f.handler.ServeHTTP(out, r)
			if out.Code != http.StatusUnauthorized {
				t.Errorf("%s takes a key: %d", op.ID, out.Code)
			}
		}
	}
}

var hostileValues = []string{`""`, `"' OR 1=1 --"`, `"\u0000"`, `"\ud800"`, `{"$ne":null}`, `[]`, `[[[[[]]]]]`, `-1`, `1e308`, `true`, `null`,
	`{"a":{"b":{"c":[1,{"d":null}]}}}`, `"` + strings.Repeat("x", 20_000) + `"`}

// Nothing that can be sent makes the server fail: every answer is a success or names the caller's mistake.
func TestH08_H10_H11_NothingSentMakesTheServerFail(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f := identityFront(t, db)
		fields := []string{"name", "email", "password", "newPassword", "code", "inviteCode", "firstName", "lastName", "role", "expiresAt",
			"description", "members", "users", "groups", "attributeDefault", "emailDomains", "projects", "credentials", "issuer",
			"chartColors", "defaultProjectUuid", "autoGenerated", "sendEmail", "organizationName", "enableEmailDomainAccess"}
		answers := map[int]int{}
		for _, op := range f.rows {
			if op.ID == "DeleteMyOrganization" || op.ID == "ResetPassword" || op.ID == "Login" {
				continue // the last two are slow on purpose
			}
			paths := []string{fill(op.Path, f.users["viewer"]), fill(op.Path, "..\x00'\xff"), fill(op.Path, strings.Repeat("%", 5_000)),
				fill(op.Path, ourProject) + "?page=%00&pageSize=1e308&searchQuery=%ff&includeMembers=-1&includeGroups=x&passcode=%00"}
			for _, path := range paths {
				bodies := []string{"", "{", "null", "[]", `"x"`, `{"name":"a","name":"b","NAME":"c"}`}
				for _, value := range hostileValues {
					var body bytes.Buffer
					for i, field := range fields {
						fmt.Fprintf(&body, "%s%q:%s", map[bool]string{true: "{", false: ","}[i == 0], field, value)
					}
					body.WriteString("}")
					bodies = append(bodies, body.String())
				}
				for _, body := range bodies {
					out := f.send("admin", op.Method, path, body)
					answers[out.Code]++
					if out.Code >= 500 {
						t.Errorf("%s %.60q with %.80q: %d %s", op.ID, path, body, out.Code, out.Body)
					}
					if out.Code == http.StatusUnauthorized { // logged out by the operation
						f.login("admin")
					}
				}
			}
		}
		for _, code := range []int{200, 400, 403, 404, 422} {
			if answers[code] == 0 {
				t.Errorf("nothing was answered with %d: %v", code, answers)
			}
		}
	})
}

// The operations that only admins may use, as the recordings have it: everybody else is refused.
func TestH04_RolesBelowTheNeed(t *testing.T) {
	f := identityFront(t, storetest.SQLite(t))
	group, err := f.service.MakeGroup(t.Context(), identity.NewGroup{Organization: ourOrganization, Name: "Sales"})
	check(t, err)
	viewer := f.users["viewer"]
	for _, c := range []struct{ method, path, body string }{
		{"PATCH", "/api/v1/org", `{"name":"x"}`},
		{"PATCH", "/api/v1/org/users/" + viewer, `{"role":"admin"}`},
		{"DELETE", "/api/v1/org/user/" + viewer, ""},
		{"DELETE", "/api/v1/org/" + ourOrganization, ""},
		{"POST", "/api/v1/invite-links", `{"email":"x@example.com","expiresAt":"` + time.Now().Add(time.Hour).Format(time.RFC3339) + `"}`},
		{"DELETE", "/api/v1/invite-links", ""},
		{"POST", "/api/v1/org/groups", `{"name":"x"}`},
		{"GET", "/api/v1/groups/" + group.UUID, ""},
		{"GET", "/api/v1/groups/" + group.UUID + "/members", ""},
		{"PATCH", "/api/v1/groups/" + group.UUID, `{"name":"x"}`},
		{"PUT", "/api/v1/groups/" + group.UUID + "/members/" + viewer, ""},
		{"POST", "/api/v1/groups/" + group.UUID + "/projects/" + ourProject, `{"role":"admin"}`},
		{"DELETE", "/api/v1/groups/" + group.UUID, ""},
		{"GET", "/api/v1/org/attributes", ""},
		{"POST", "/api/v1/org/attributes", `{"name":"x","users":[],"groups":[],"attributeDefault":null}`},
		{"PATCH", "/api/v1/org/allowedEmailDomains", `{"role":"viewer","emailDomains":[],"projects":[]}`},
		{"POST", "/api/v1/projects/" + ourProject + "/access", `{"email":"viewer@example.com","role":"admin","sendEmail":false}`},
		{"PATCH", "/api/v1/projects/" + ourProject + "/access/" + viewer, `{"role":"admin"}`},
		{"DELETE", "/api/v1/projects/" + ourProject + "/access/" + viewer, ""},
		{"GET", "/api/v1/projects/" + ourProject + "/groupAccesses", ""},
	} {
		for _, role := range []string{"member", "viewer", "interactive_viewer", "editor", "developer"} {
			if out := f.send(role, c.method, c.path, c.body); out.Code != http.StatusForbidden {
				t.Errorf("%s %s as %s: %d %s", c.method, c.path, role, out.Code, out.Body)
			}
		}
		if out := f.send("stranger", c.method, c.path, c.body); out.Code < 400 && strings.Contains(c.path, "0000-4000-8000") {
			t.Errorf("%s %s from another organization: %d %s", c.method, c.path, out.Code, out.Body)
		}
	}
}

// A renewal of the cookie must not follow a logout in the same answer.
func TestH78_LogoutEndsTheSessionAndItsCookie(t *testing.T) {
	f := identityFront(t, storetest.SQLite(t))
	out := f.send("viewer", "GET", "/api/v1/logout", "")
	cookies := out.Result().Cookies()
	if len(cookies) != 1 || cookies[0].MaxAge >= 0 || out.Body.String() != `{"status":"ok"}` {
		t.Errorf("%v %s", cookies, out.Body)
	}
	if out := f.send("viewer", "GET", "/api/v1/user", ""); out.Code != http.StatusUnauthorized {
		t.Errorf("after logout: %d", out.Code)
	}
}
