package content_test

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"inlay/internal/access"
	"inlay/internal/content"
	"inlay/internal/fault"
	"inlay/internal/metric"
	"inlay/internal/project"
	"inlay/internal/query"
	"inlay/internal/semantic"
	"inlay/internal/store"
)

const (
	org    = "11111111-0000-4000-8000-000000000001"
	other  = "11111111-0000-4000-8000-000000000002"
	shop   = "22222222-0000-4000-8000-000000000001"
	stage  = "22222222-0000-4000-8000-000000000002" // its upstream is shop
	abroad = "22222222-0000-4000-8000-000000000003" // of the other organization
)

// world is a small company with one account of each role, and another company beside it.
type world struct {
	*content.Service
	ctx context.Context
}

func newWorld(db *store.DB) world {
	at := time.Date(2024, 5, 1, 12, 0, 0, 0, time.UTC)
	clock := func() time.Time { at = at.Add(time.Second); return at }
	return world{content.New(db, people{}, projects{}, door{}, flags{}, clock), context.Background()}
}

// user gives the account whose role in the organization is its name.
func user(role access.Role) access.Principal {
	return access.Principal{Kind: access.User, Organization: org, User: idOf(role), OrgRole: role}
}

func stranger() access.Principal {
	return access.Principal{Kind: access.User, Organization: other, User: "33333333-0000-4000-8000-0000000000ff", OrgRole: access.Admin}
}

func idOf(role access.Role) string {
	number := map[access.Role]string{access.Member: "1", access.Viewer: "2", access.InteractiveViewer: "3", access.Editor: "4",
		access.Developer: "5", access.Admin: "6"}[role]
	return "33333333-0000-4000-8000-00000000000" + number
}

type people struct{}

func (people) Members(_ context.Context, organization, _ string) ([]content.Member, error) {
	all := []content.Member{}
	for _, role := range []access.Role{access.Member, access.Viewer, access.InteractiveViewer, access.Editor, access.Developer, access.Admin} {
		if organization == org {
			all = append(all, content.Member{Person: content.Person{User: idOf(role), First: string(role), Last: "Person"}, OrgRole: role})
		}
	}
	return all, nil
}

func (p people) Member(ctx context.Context, organization, project, user string) (content.Member, error) {
	all, err := p.Members(ctx, organization, project)
	for _, m := range all {
		if m.User == user {
			return m, err
		}
	}
	return content.Member{}, fault.New(fault.NotFound, "There is nobody with the id %s", user)
}

func (p people) Standing(ctx context.Context, who access.Principal, project string) (content.Member, error) {
	return p.Member(ctx, who.Organization, project, who.User)
}

func (p people) People(ctx context.Context, users []string) (map[string]content.Person, error) {
	found := map[string]content.Person{}
	for _, user := range users {
		if m, err := p.Member(ctx, org, "", user); err == nil {
			found[user] = m.Person
		}
	}
	return found, nil
}

func (people) GroupNames(context.Context, string, []string) (map[string]string, error) {
	return map[string]string{}, nil
}

func (people) Organization(context.Context, string) (string, []string, error) {
	return "Company", nil, nil
}

type projects struct{}

func (projects) OrganizationOf(_ context.Context, id string) (string, error) {
	if o, ok := map[string]string{shop: org, stage: org, abroad: other}[id]; ok {
		return o, nil
	}
	return "", fault.New(fault.NotFound, "There is no project %s", id)
}

func (p projects) Get(ctx context.Context, _ access.Principal, id string) (project.Project, error) {
	organization, err := p.OrganizationOf(ctx, id)
	found := project.Project{UUID: id, Organization: organization, Name: "Project"}
	if id == stage {
		found.Upstream = shop
	}
	return found, err
}

func (p projects) List(ctx context.Context, who access.Principal) ([]project.Project, error) {
	list := []project.Project{}
	for _, id := range []string{shop, stage, abroad} {
		if found, err := p.Get(ctx, who, id); err == nil && found.Organization == who.Organization {
			list = append(list, found)
		}
	}
	return list, nil
}

func (projects) SchedulerZone(context.Context, string) (string, error) { return "UTC", nil }

func (projects) FindingsOf(context.Context, string) (map[string][]project.ValidationSummary, error) {
	return nil, nil
}

// door knows one explore and remembers nothing: the tests here are about content, not about rows.
type door struct{ query.Door }

func (door) Explore(_ context.Context, _ access.Principal, _, name string) (*semantic.Explore, error) {
	if name != "orders" {
		return nil, fault.Coded(fault.NotFound, "NotExists", "Explore %q does not exist.", name)
	}
	return &semantic.Explore{Name: "orders", BaseTable: "orders", Tables: map[string]*semantic.Table{"orders": {Name: "orders"}},
		Parameters: map[string]*semantic.Parameter{"region": {Name: "region", Type: semantic.String}, "year": {Name: "year", Type: semantic.Number}}}, nil
}

func (d door) Compile(ctx context.Context, who access.Principal, r query.Request) (*query.Compiled, error) {
	explore, err := d.Explore(ctx, who, r.Project, r.Explore)
	return &query.Compiled{Explore: explore}, err
}

type flags struct{}

func (flags) Enabled(string) bool { return true }

func (w world) space(t *testing.T, who access.Principal, project, name string, private bool) string {
	t.Helper()
	made, err := w.CreateSpace(w.ctx, who, project, content.NewSpace{Name: name, Private: private})
	if err != nil {
		t.Fatal(err)
	}
	return made.UUID
}

func document(limit int) content.ChartDocument {
	return content.ChartDocument{Explore: "orders", Query: metric.Query{ExploreName: "orders", Dimensions: []string{"orders_status"}, Limit: limit},
		Config: json.RawMessage(`{"type":"table"}`), Table: json.RawMessage(`{"columnOrder":["orders_status"]}`)}
}

func (w world) chart(t *testing.T, who access.Principal, project, space, name string) *content.Chart {
	t.Helper()
	made, err := w.CreateChart(w.ctx, who, project, content.NewChart{Name: name, Space: space, Document: document(10)})
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func (w world) dashboard(t *testing.T, who access.Principal, project, space, name string, charts ...string) *content.Dashboard {
	t.Helper()
	d := content.DashboardDocument{}
	for i, chart := range charts {
		d.Tiles = append(d.Tiles, content.Tile{Type: content.TileChart, Y: i * 5, H: 5, W: 10, Chart: &chart})
	}
	made, err := w.CreateDashboard(w.ctx, who, project, content.NewDashboard{Name: name, Space: space, Document: d})
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// refused tells whether an error is how a thing is kept from somebody.
func refused(err error) bool { return fault.Is(err, fault.Forbidden) || fault.Is(err, fault.NotFound) }

// newFixed is a service on the real clock, which many can read at a time.
func newFixed(db *store.DB) *content.Service {
	return content.New(db, people{}, projects{}, door{}, flags{}, time.Now)
}
