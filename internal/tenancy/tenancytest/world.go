// Package tenancytest is a small world to test the embedding fronts in: a store, two organizations with a project each,
// and people. It stands in for the packages that tenancy only knows by its ports.
package tenancytest

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"inlay/internal/access"
	"inlay/internal/fault"
	"inlay/internal/secret"
	"inlay/internal/store"
	"inlay/internal/store/storetest"
	"inlay/internal/tenancy"
)

// Ids of the world.
const (
	Org          = "11111111-1111-4111-8111-111111111111"
	OtherOrg     = "22222222-2222-4222-8222-222222222222"
	Project      = "33333333-3333-4333-8333-333333333333"
	OtherProject = "44444444-4444-4444-8444-444444444444"
	Dashboard    = "55555555-5555-4555-8555-555555555555"
	Chart        = "66666666-6666-4666-8666-666666666666"
	Hidden       = "77777777-7777-4777-8777-777777777777" // a dashboard that only administrators see
	Connection   = "88888888-8888-4888-8888-888888888888"
	AdminUser    = "aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa"
	Viewer       = "bbbbbbbb-bbbb-4bbb-8bbb-bbbbbbbbbbbb"
)

// Password is everybody's.
const Password = "correct horse battery"

// World holds the service and its surroundings.
type World struct {
	*tenancy.Service
	DB      *store.DB
	Clock   *Clock
	People  *People
	Options tenancy.Options
	Ended   tenancy.Ended // what is told of what ended; nobody unless set
}

// Clock is a clock that tests set.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// Now is the time by the clock.
func (c *Clock) Now() time.Time { c.mu.Lock(); defer c.mu.Unlock(); return c.now }

// Advance moves the clock.
func (c *Clock) Advance(d time.Duration) { c.mu.Lock(); defer c.mu.Unlock(); c.now = c.now.Add(d) }

// New makes a world on a fresh SQLite file.
func New(t testing.TB) *World {
	t.Helper()
	return On(t, storetest.SQLite(t))
}

// On makes a world on an open database.
func On(t testing.TB, db *store.DB) *World {
	t.Helper()
	s, err := secret.New("a secret that is long enough for tests")
	if err != nil {
		t.Fatal(err)
	}
	w := &World{DB: db, Clock: &Clock{now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}, People: people()}
	w.Options = tenancy.Options{
		Ended: func(ctx context.Context, organization, level, id string) {
			if w.Ended != nil {
				w.Ended(ctx, organization, level, id)
			}
		},
		Origins: []string{"https://app.example.com"}, CubeURL: "https://inlay.example.com", Now: w.Clock.Now, Log: slog.New(slog.DiscardHandler),
	}
	w.Service = tenancy.New(db, s, w.People, Projects{}, Contents{}, w.Options)
	return w
}

// Admin is an administrator of the first organization, in person.
func Admin() access.Principal {
	return access.Principal{Kind: access.User, Organization: Org, User: AdminUser, OrgRole: access.Admin, Session: true}
}

// Key makes a key as the administrator.
func (w *World) Key(t testing.TB, n tenancy.NewKey) (tenancy.Key, string) {
	t.Helper()
	if n.Name == "" {
		n.Name = "a key"
	}
	key, text, err := w.CreateKey(t.Context(), Admin(), n)
	if err != nil {
		t.Fatal(err)
	}
	return key, text
}

// Projects knows the world's two projects.
type Projects struct{}

// Columns are those of the world's tables.
func (Projects) Columns(context.Context, string) (func(string) bool, error) {
	return func(column string) bool {
		return slices.Contains([]string{"account_id", "region", "active"}, strings.ToLower(column))
	}, nil
}

// Overridable lets one connection be given to tenants.
func (Projects) Overridable(_ context.Context, organization, connection string) error {
	if organization != Org || connection != Connection {
		return fault.New(fault.NotFound, "connectionOverride.connectionId: there is no such connection")
	}
	return nil
}

// HasSchema knows every schema but one.
func (Projects) HasSchema(_ context.Context, _, _, schema string) error {
	if schema == "nowhere" {
		return fault.New(fault.NotFound, "There is no such schema")
	}
	return nil
}

// ProjectName names the projects.
func (Projects) ProjectName(_ context.Context, organization, project string) (string, error) {
	if organization == Org && project == Project || organization == OtherOrg && project == OtherProject {
		return "Project of " + organization[:4], nil
	}
	return "", fault.New(fault.NotFound, "There is no such project")
}

// ProjectsOf lists the one there is.
func (Projects) ProjectsOf(_ context.Context, organization string) ([]string, error) {
	if organization == Org {
		return []string{Project}, nil
	}
	return []string{OtherProject}, nil
}

// Contents knows two dashboards and a chart of the first organization.
type Contents struct{}

// Locate finds them.
func (Contents) Locate(_ context.Context, organization, id string) (tenancy.Location, error) {
	switch {
	case organization != Org:
	case id == Dashboard || id == Hidden:
		return tenancy.Location{Kind: tenancy.DashboardKind, UUID: id, Project: Project, Name: "Sales", AllowEmbed: id == Dashboard}, nil
	case id == Chart:
		return tenancy.Location{Kind: tenancy.ChartKind, UUID: id, Project: Project, Name: "Revenue"}, nil
	}
	return tenancy.Location{}, fault.New(fault.NotFound, "There is no such Liveboard")
}

// PublicDashboard finds the first dashboard as "sales".
func (c Contents) PublicDashboard(ctx context.Context, project, id string) (tenancy.Location, error) {
	if project != Project {
		return tenancy.Location{}, fault.New(fault.NotFound, "There is no such dashboard")
	}
	if id == "sales" {
		id = Dashboard
	}
	return c.Locate(ctx, Org, id)
}

// EraseTenant has nothing to drop.
func (Contents) EraseTenant(context.Context, string) error { return nil }

// Visible hides the hidden dashboard.
func (Contents) Visible(_ context.Context, who access.Principal, dashboard string) error {
	if dashboard == Hidden && who.OrgRole != access.Admin {
		return fault.New(fault.NotFound, "There is no such dashboard")
	}
	return nil
}

// TenantToken registers a tenant by Upsolve's front and gives its token, for tests of what other fronts make of it.
func (w *World) TenantToken(t testing.TB) string {
	t.Helper()
	key, _ := w.Key(t, tenancy.NewKey{Front: tenancy.Upsolve, Kind: tenancy.EmbedKey, Project: Project})
	_, token, err := w.Register(t.Context(), key, tenancy.Registration{
		DisplayName: "Somebody", Policy: tenancy.TenantPolicy{Prefilters: tenancy.Values{"account_id": "a"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return token
}
