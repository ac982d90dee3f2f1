package testkit

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	_ "github.com/duckdb/duckdb-go/v2" // the driver "duckdb"

	"inlay/internal/access"
	"inlay/internal/content"
	"inlay/internal/fault"
	"inlay/internal/identity"
	"inlay/internal/metric"
	"inlay/internal/project"
	"inlay/internal/secret"
	"inlay/internal/server"
	"inlay/internal/warehouse"
	"inlay/internal/warehouse/drivers"
)

// Fixtures says which recorded state to make, and where.
type Fixtures struct {
	Home       string   // empty folder for the files of this run
	Recordings string   // folder with fixtures.json, jaffle/ and ext/
	Extra      []string // folders of the same layout, each one more project
	Engine     string   // duckdb or postgres
	Postgres   string   // address, for postgres
	SiteURL    string
	Flags      string
}

// OpenFixtures opens a server that holds the recorded state.
func OpenFixtures(ctx context.Context, f Fixtures) (*server.Server, error) {
	settings, err := f.load(ctx)
	if err != nil {
		return nil, err
	}
	config := server.Defaults()
	config.Metadata, config.Data = filepath.Join(f.Home, "inlay.db"), f.Home
	config.Secret, config.SiteURL, config.Flags = secret.Token(32), f.SiteURL, f.Flags
	config.CacheBytes = -1          // the recorded server kept no results
	config.DashboardExports = false // nor had it storage for them
	config.ModelFolders = append([]string{f.Recordings}, f.Extra...)
	config.Log = slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	s, err := server.OpenWith(ctx, config, f.opener(settings))
	if err != nil {
		return nil, err
	}
	var state state
	data, err := os.ReadFile(filepath.Join(f.Recordings, "fixtures.json"))
	if err == nil {
		err = json.Unmarshal(data, &state)
	}
	if err == nil {
		err = (&fixtures{Server: s, Fixtures: f, state: state, users: map[string]access.Principal{}}).seed(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, s.Close(ctx))
	}
	return s, nil
}

// load fills the warehouse and gives the settings that reach it.
func (f Fixtures) load(ctx context.Context) (warehouse.Settings, error) {
	all := append([]string{filepath.Join(f.Recordings, "jaffle"), filepath.Join(f.Recordings, "ext")}, f.Extra...)
	switch f.Engine {
	case "duckdb":
		path := filepath.Join(f.Home, "postgres.duckdb") // relations say "postgres"."jaffle"."…"
		db, err := sql.Open("duckdb", path)
		if err != nil {
			return nil, err
		}
		return warehouse.Settings{"type": "duckdb", "path": path}, errors.Join(LoadDuckDB(ctx, db, all...), db.Close())
	case "postgres":
		if f.Postgres == "" {
			return nil, fmt.Errorf("INLAY_TEST_POSTGRES names no server")
		}
		settings, err := postgresSettings(f.Postgres)
		if err != nil {
			return nil, err
		}
		return settings, LoadPostgres(ctx, f.Postgres, all...)
	}
	return nil, fmt.Errorf("there is no engine %q: duckdb or postgres", f.Engine)
}

func postgresSettings(address string) (warehouse.Settings, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	port, err := strconv.Atoi(u.Port())
	if err != nil {
		port = 5432
	}
	password, _ := u.User.Password()
	return warehouse.Settings{"type": "postgres", "host": u.Hostname(), "port": port, "user": u.User.Username(), "password": password,
		"dbname": strings.TrimPrefix(u.Path, "/"), "sslmode": "disable"}, nil
}

// opener answers for the PostgreSQL server of the recordings with the one that was loaded: requests name it by an
// address that means nothing here. Wrong credentials fail as they would.
func (f Fixtures) opener(loaded warehouse.Settings) warehouse.Opener {
	return func(ctx context.Context, asked warehouse.Settings) (warehouse.Conn, error) {
		if asked.Type() != "postgres" {
			return drivers.Options{}.Open(ctx, asked)
		}
		if asked["password"] != "password" || asked["dbname"] != "postgres" {
			return nil, fault.Coded(fault.Invalid, "WarehouseConnection", "password authentication failed for user %q", asked["user"])
		}
		if loaded.Type() != "postgres" {
			return drivers.Options{}.Open(ctx, loaded)
		}
		merged := warehouse.Settings{}
		for key, value := range asked {
			merged[key] = value
		}
		for _, key := range []string{"host", "port", "user", "password", "dbname", "sslmode"} {
			merged[key] = loaded[key]
		}
		return drivers.Options{}.Open(ctx, merged)
	}
}

// state is fixtures.json.
type state struct {
	Organizations []struct{ UUID, Name string }
	Users         []struct {
		UUID, Organization, Role, FirstName, LastName, Email, Password string
		IsMarketingOptedIn, IsSetupComplete, EmailVerified             bool
	}
	Groups   []struct{ UUID, Name, Organization, CreatedBy string }
	Projects []struct {
		UUID, Name, Organization, DbtVersion string
	}
	Spaces []struct {
		Name      string
		IsPrivate bool
	}
	Charts []struct {
		Name, Description, Slug, TableName string
		MetricQuery                        metric.Query
		ChartConfig, TableConfig           json.RawMessage
		PivotConfig                        json.RawMessage
		Dashboard                          *string
	}
	Dashboards []struct {
		Name        string
		Description *string
		Tiles       []fixtureTile
		Filters     struct {
			Dimensions, Metrics, TableCalculations []json.RawMessage
		}
	}
}

type fixtureTile struct {
	X, Y, H, W int
	Type       string
	Properties struct {
		Title, URL, Content, ChartSlug string
		HideTitle                      bool
	}
}

type fixtures struct {
	*server.Server
	Fixtures
	state         state
	organizations map[string]string // uuid by name
	users         map[string]access.Principal
	project       string
	space         string
}

func (f *fixtures) admin() access.Principal { return f.users[f.state.Organizations[0].Name] }

func (f *fixtures) seed(ctx context.Context) error {
	for _, step := range []func(context.Context) error{f.seedPeople, f.seedProject, f.seedContent, f.seedExtra} {
		if err := step(ctx); err != nil {
			return fmt.Errorf("testkit fixtures: %w", err)
		}
	}
	return nil
}

func (f *fixtures) seedPeople(ctx context.Context) error {
	f.organizations = map[string]string{}
	for i, o := range f.state.Organizations {
		f.organizations[o.Name] = o.UUID
		if _, err := f.Identity.MakeOrganization(ctx, identity.NewOrganization{UUID: o.UUID, Name: o.Name, RanQuery: i == 0}); err != nil {
			return err
		}
	}
	for _, u := range f.state.Users {
		organization := f.organizations[u.Organization]
		made, err := f.Identity.CreateUser(ctx, identity.NewUser{
			UUID: u.UUID, Organization: organization, Role: access.Role(u.Role), Email: u.Email, EmailVerified: u.EmailVerified,
			First: u.FirstName, Last: u.LastName, Password: u.Password, MarketingOptedIn: u.IsMarketingOptedIn, Tracked: true,
			SetupComplete: u.IsSetupComplete,
		})
		if err != nil {
			return err
		}
		if f.users[u.Organization], err = f.Identity.PrincipalOf(ctx, organization, made.UUID); err != nil {
			return err
		}
	}
	for _, g := range f.state.Groups {
		_, err := f.Identity.MakeGroup(ctx, identity.NewGroup{UUID: g.UUID, Organization: f.organizations[g.Organization], Name: g.Name, By: f.admin().User, UpdatedBy: f.admin().User})
		if err != nil {
			return err
		}
	}
	return nil
}

func (f *fixtures) seedProject(ctx context.Context) error {
	p := f.state.Projects[0]
	f.project = p.UUID
	return f.compiled(ctx, project.Draft{UUID: p.UUID, Name: p.Name, Type: project.Default, DbtVersion: p.DbtVersion,
		Source: project.Source{"type": "dbt", "project_dir": filepath.Join(f.Recordings, "jaffle"),
			"profiles_dir": filepath.Join(f.Recordings, "jaffle", "profiles")},
		Warehouse: recorded("jaffle")})
}

// recorded is the warehouse as the recordings name it.
func recorded(schema string) warehouse.Settings {
	return warehouse.Settings{"type": "postgres", "host": "127.0.0.1", "port": 5432, "user": "postgres", "password": "password",
		"dbname": "postgres", "schema": schema, "sslmode": "disable"}
}

func (f *fixtures) compiled(ctx context.Context, d project.Draft) error {
	made, err := f.Projects.Seed(ctx, f.state.Organizations[0].UUID, f.admin().User, d)
	if err != nil {
		return err
	}
	_, err = f.Projects.Compile(ctx, made.UUID)
	return err
}

func (f *fixtures) seedExtra(ctx context.Context) error {
	for _, folder := range f.Extra {
		name := filepath.Base(folder)
		err := f.compiled(ctx, project.Draft{Name: name, Type: project.Default, DbtVersion: "v1.4",
			Source: project.Source{"type": "dbt", "project_dir": folder}, Warehouse: recorded(name)})
		if err != nil {
			return fmt.Errorf("%s: %w", folder, err)
		}
	}
	return nil
}

func (f *fixtures) seedContent(ctx context.Context) error {
	for _, sp := range f.state.Spaces {
		made, err := f.Content.CreateSpace(ctx, f.admin(), f.project, content.NewSpace{Name: sp.Name, Private: sp.IsPrivate})
		if err != nil {
			return err
		}
		f.space = made.UUID
	}
	charts := map[string]string{}
	for _, c := range f.state.Charts {
		if c.Dashboard == nil {
			if err := f.chart(ctx, charts, c.Slug, content.NewChart{Name: c.Name, Description: &c.Description, Space: f.space, Document: content.ChartDocument{
				Explore: c.TableName, Query: c.MetricQuery, Config: c.ChartConfig, Table: c.TableConfig, Pivot: c.PivotConfig}}); err != nil {
				return err
			}
		}
	}
	for _, d := range f.state.Dashboards {
		made, err := f.Content.CreateDashboard(ctx, f.admin(), f.project, content.NewDashboard{Name: d.Name, Description: d.Description, Space: f.space})
		if err != nil {
			return err
		}
		for _, c := range f.state.Charts {
			if c.Dashboard == nil || *c.Dashboard != d.Name {
				continue
			}
			if err := f.chart(ctx, charts, c.Slug, content.NewChart{Name: c.Name, Description: &c.Description, Dashboard: made.UUID, Document: content.ChartDocument{
				Explore: c.TableName, Query: c.MetricQuery, Config: c.ChartConfig, Table: c.TableConfig, Pivot: c.PivotConfig}}); err != nil {
				return err
			}
		}
		document := content.DashboardDocument{Tiles: tiles(d.Tiles, charts), Filters: content.DashboardFilters{
			Dimensions: d.Filters.Dimensions, Metrics: d.Filters.Metrics, Calculations: d.Filters.TableCalculations}}
		if _, err := f.Content.UpdateDashboard(ctx, f.admin(), made.UUID, content.DashboardChange{Document: &document}); err != nil {
			return err
		}
	}
	return nil
}

func (f *fixtures) chart(ctx context.Context, made map[string]string, slug string, n content.NewChart) error {
	chart, err := f.Content.CreateChart(ctx, f.admin(), f.project, n)
	if err != nil {
		return fmt.Errorf("chart %s: %w", slug, err)
	}
	made[slug] = chart.UUID
	return nil
}

func tiles(all []fixtureTile, charts map[string]string) []content.Tile {
	list := make([]content.Tile, len(all))
	for i, t := range all {
		title := t.Properties.Title
		list[i] = content.Tile{Type: t.Type, X: t.X, Y: t.Y, H: t.H, W: t.W, Title: &title, HideTitle: t.Properties.HideTitle,
			Content: t.Properties.Content, URL: t.Properties.URL}
		if chart, ok := charts[t.Properties.ChartSlug]; ok {
			list[i].Chart = &chart
		}
	}
	return list
}
