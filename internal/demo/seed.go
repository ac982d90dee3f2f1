package demo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/google/uuid"

	"inlay/internal/access"
	"inlay/internal/content"
	"inlay/internal/identity"
	"inlay/internal/metric"
	"inlay/internal/project"
	"inlay/internal/secret"
	"inlay/internal/server"
	"inlay/internal/tenancy"
	"inlay/internal/warehouse"
)

// tenants are the merchants that the demo hands out credentials for; the other merchants are data only.
var tenants = []string{"m-0001", "m-0042", "m-0137"}

// Folder is where the demo keeps its files.
type Folder string

// Warehouse is the path of the DuckDB file.
func (f Folder) Warehouse() string { return filepath.Join(string(f), "warehouse.duckdb") }

// Models is the folder of the model's files.
func (f Folder) Models() string { return filepath.Join(string(f), "models") }

// Metadata is the path of the SQLite file.
func (f Folder) Metadata() string { return filepath.Join(string(f), "inlay.db") }

// Facts is the path of the file that says what was seeded. Without it, the folder is seeded anew.
func (f Folder) Facts() string { return filepath.Join(string(f), "facts.json") }

// Secret reads the demo's secret, or makes one the first time.
func (f Folder) Secret() (string, error) {
	path := filepath.Join(string(f), "secret")
	data, err := os.ReadFile(path)
	if err == nil {
		return strings.TrimSpace(string(data)), nil
	}
	if !errors.Is(err, os.ErrNotExist) {
		return "", err
	}
	made := secret.Token(32)
	return made, os.WriteFile(path, []byte(made+"\n"), 0o600)
}

// Prepare makes the files that must be there before a server opens.
func (f Folder) Prepare(ctx context.Context, orders int) error {
	if err := os.MkdirAll(string(f), 0o755); err != nil {
		return err
	}
	if err := WriteModel(f.Models()); err != nil {
		return err
	}
	if err := f.forgetHalf(); err != nil {
		return err
	}
	if _, err := os.Stat(f.Warehouse()); err == nil {
		return nil
	}
	return Generate(ctx, f.Warehouse(), orders)
}

// forgetHalf removes the metadata of a demo that was begun and not finished.
func (f Folder) forgetHalf() error {
	if _, err := os.Stat(f.Facts()); err == nil {
		return nil
	}
	for _, suffix := range []string{"", "-wal", "-shm"} {
		if err := os.RemoveAll(f.Metadata() + suffix); err != nil {
			return err
		}
	}
	return nil
}

// Seed fills a server with the demo, once; a folder that was seeded before gives its facts again.
func (f Folder) Seed(ctx context.Context, s *server.Server) (*Facts, error) {
	facts, err := readFacts(f.Facts())
	if errors.Is(err, os.ErrNotExist) {
		if facts, err = (&seeder{Server: s, folder: f}).seed(ctx); err == nil {
			err = facts.write(f.Facts())
		}
	}
	if err != nil {
		return nil, fmt.Errorf("demo.Seed: %w", err)
	}
	facts.at(s.Config.SiteURL)
	return facts, nil
}

// WriteFacts writes the facts as JSON.
func (f *Facts) WriteFacts(path string) error { return f.write(path) }

type seeder struct {
	*server.Server
	folder Folder
	facts  Facts
	admin  access.Principal
	space  string
	charts map[string]*content.Chart // by the slugs of content.yml
}

func (s *seeder) seed(ctx context.Context) (*Facts, error) {
	for _, step := range []func(context.Context) error{s.people, s.project, s.tenants, s.keys, s.content} {
		if err := step(ctx); err != nil {
			return nil, err
		}
	}
	return &s.facts, nil
}

func (s *seeder) people(ctx context.Context) error {
	organization, err := s.Identity.MakeOrganization(ctx, identity.NewOrganization{Name: "Parcelwise", RanQuery: true})
	if err != nil {
		return err
	}
	s.facts.Organization = organization
	native := &s.facts.Fronts.Native
	native.Email, native.Password = "admin@parcelwise.example", password()
	user, err := s.Identity.CreateUser(ctx, identity.NewUser{Organization: organization, Role: access.Admin, Email: native.Email,
		EmailVerified: true, First: "Parcelwise", Last: "Admin", Password: native.Password, SetupComplete: true})
	if err != nil {
		return err
	}
	if s.admin, err = s.Identity.PrincipalOf(ctx, organization, user.UUID); err != nil {
		return err
	}
	token, err := s.Identity.CreateToken(ctx, s.admin, "demo", nil, false)
	native.Token = token.Text
	return err
}

// password is random, with the letter and the digit that the rules ask for.
func password() string { return "demo-" + strings.ToLower(secret.Token(6)) + "7" }

func (s *seeder) project(ctx context.Context) error {
	p, err := s.Projects.Seed(ctx, s.facts.Organization, s.admin.User, project.Draft{
		Name: "Parcelwise", Type: project.Default,
		Source:    project.Source{"type": "yaml", "path": s.folder.Models()},
		Warehouse: warehouse.Settings{"type": "duckdb", "path": s.folder.Warehouse()},
	})
	if err != nil {
		return err
	}
	s.facts.Project, s.facts.Fronts.Native.Project, s.facts.Warehouse = p.UUID, p.UUID, s.folder.Warehouse()
	if s.facts.Deployment, err = s.Tenancy.DeploymentOf(ctx, p.UUID); err != nil {
		return err
	}
	_, err = s.Projects.Compile(ctx, p.UUID)
	return err
}

// tenants makes, for each merchant, a group whose members see the merchant's rows, and one viewer in it.
func (s *seeder) tenants(ctx context.Context) error {
	attribute := identity.Attribute{Organization: s.facts.Organization, Name: "merchant_id"}
	for _, id := range tenants {
		group, err := s.Identity.MakeGroup(ctx, identity.NewGroup{Organization: s.facts.Organization, Name: "merchant " + id, By: s.admin.User})
		if err != nil {
			return err
		}
		viewer := Viewer{Email: id + "@parcelwise.example", Password: password(), Tenant: id}
		user, err := s.Identity.CreateUser(ctx, identity.NewUser{Organization: s.facts.Organization, Role: access.Viewer, Email: viewer.Email,
			EmailVerified: true, First: "Viewer", Last: id, Password: viewer.Password, SetupComplete: true})
		if err != nil {
			return err
		}
		if _, err := s.Identity.AddMember(ctx, s.admin, group.UUID, user.UUID); err != nil {
			return err
		}
		attribute.Groups = append(attribute.Groups, identity.GroupValue{Group: group.UUID, Value: id})
		value := map[string]any{"merchant_id": id}
		s.facts.Fronts.Native.Viewers = append(s.facts.Fronts.Native.Viewers, viewer)
		s.facts.Tenants = append(s.facts.Tenants, TenantFacts{Name: "Merchant " + id, Key: id, Prefilters: value, SecurityContext: value,
			Groups: []string{group.Name}})
	}
	_, err := s.Identity.SaveAttribute(ctx, s.admin, attribute)
	return err
}

func (s *seeder) keys(ctx context.Context) error {
	f := &s.facts.Fronts
	for _, key := range []struct {
		into *string
		tenancy.NewKey
	}{
		{&f.Upsolve.APIKey, tenancy.NewKey{Front: tenancy.Upsolve, Kind: tenancy.EmbedKey, Project: s.facts.Project, Name: "demo"}},
		{&f.Upsolve.AdminKey, tenancy.NewKey{Front: tenancy.Upsolve, Kind: tenancy.AdminKey, Project: s.facts.Project, Name: "demo"}},
		{&f.Cube.APIKey, tenancy.NewKey{Front: tenancy.Cube, Kind: tenancy.AdminKey, Name: "demo"}},
		{&f.ThoughtSpot.SecretKey, tenancy.NewKey{Front: tenancy.ThoughtSpot, Kind: tenancy.SecretKey, Name: "demo"}},
	} {
		_, text, err := s.Tenancy.CreateKey(ctx, s.admin, key.NewKey)
		if err != nil {
			return err
		}
		*key.into = text
	}
	orgs, err := s.Tenancy.OrgsOf(ctx, s.admin, s.admin.User)
	s.facts.Org = orgs.Current
	return err
}

func (s *seeder) content(ctx context.Context) error {
	d, err := contents()
	if err != nil {
		return err
	}
	space, err := s.Content.CreateSpace(ctx, s.admin, s.facts.Project, content.NewSpace{Name: "Parcelwise"})
	if err != nil {
		return err
	}
	s.space, s.charts = space.UUID, map[string]*content.Chart{}
	for _, c := range d.Charts {
		document, err := c.document()
		if err != nil {
			return err
		}
		if s.charts[c.Slug], err = s.Content.CreateChart(ctx, s.admin, s.facts.Project, content.NewChart{Name: c.Name, Space: s.space, Document: document}); err != nil {
			return fmt.Errorf("chart %s: %w", c.Slug, err)
		}
	}
	for _, d := range d.Dashboards {
		document, err := s.document(d)
		if err != nil {
			return err
		}
		made, err := s.Content.CreateDashboard(ctx, s.admin, s.facts.Project, content.NewDashboard{Name: d.Name, Description: &d.Description, Space: s.space, Document: document})
		if err != nil {
			return fmt.Errorf("dashboard %s: %w", d.Slug, err)
		}
		if err := s.Content.SetEmbedding(ctx, s.facts.Organization, made.UUID, true); err != nil {
			return err
		}
		s.facts.Dashboards = append(s.facts.Dashboards, DashboardFacts{UUID: made.UUID, PublicID: made.PublicID, Slug: made.Slug, Name: made.Name})
	}
	return nil
}

// document is a chart as the native API stores it.
func (c chart) document() (content.ChartDocument, error) {
	q := metric.Query{ExploreName: c.Explore, Dimensions: c.Dimensions, Metrics: c.Metrics, Limit: c.Limit,
		Sorts: []metric.Sort{}, TableCalculations: []metric.TableCalculation{}}
	if q.Limit == 0 {
		q.Limit = 500
	}
	if q.Dimensions == nil {
		q.Dimensions = []string{}
	}
	if c.Sort != "" {
		field, descending := strings.CutPrefix(c.Sort, "-")
		q.Sorts = append(q.Sorts, metric.Sort{FieldID: field, Descending: descending})
	}
	out := content.ChartDocument{Explore: c.Explore, Query: q}
	var err error
	if out.Config, err = json.Marshal(c.Config); err != nil {
		return out, err
	}
	if out.Table, err = json.Marshal(map[string]any{"columnOrder": append(append([]string{}, q.Dimensions...), q.Metrics...)}); err != nil {
		return out, err
	}
	if len(c.Pivot) > 0 {
		out.Pivot, err = json.Marshal(map[string]any{"columns": c.Pivot})
	}
	return out, err
}

// document is a dashboard as the native API stores it. Its filters let everything through until somebody sets them.
func (s *seeder) document(d dashboard) (content.DashboardDocument, error) {
	out := content.DashboardDocument{}
	for _, t := range d.Tiles {
		tile := content.Tile{UUID: uuid.NewString(), Type: content.TileMarkdown, Content: t.Markdown, X: t.At[0], Y: t.At[1], W: t.At[2], H: t.At[3]}
		if t.Chart != "" {
			chart := s.charts[t.Chart]
			if chart == nil {
				return out, fmt.Errorf("dashboard %s: there is no chart %s", d.Slug, t.Chart)
			}
			tile.Type, tile.Chart = content.TileChart, &chart.UUID
		}
		out.Tiles = append(out.Tiles, tile)
	}
	for _, field := range d.Filters {
		table, _, _ := strings.Cut(field, "_")
		rule, err := json.Marshal(map[string]any{"id": uuid.NewString(), "operator": "equals", "values": []any{}, "disabled": true,
			"target": map[string]any{"fieldId": field, "tableName": table}})
		if err != nil {
			return out, err
		}
		out.Filters.Dimensions = append(out.Filters.Dimensions, rule)
	}
	return out, nil
}
