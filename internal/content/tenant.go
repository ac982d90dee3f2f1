package content

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/uptrace/bun"

	"inlay/internal/access"
	"inlay/internal/fault"
	"inlay/internal/secret"
	"inlay/internal/store"
)

// Conditions that keep charts and dashboards that no tenant made for itself.
const (
	everybodysCharts     = "c.space_uuid IN (SELECT uuid FROM spaces WHERE tenant_id IS NULL)"
	everybodysDashboards = "d.space_uuid IN (SELECT uuid FROM spaces WHERE tenant_id IS NULL)"
)

// mostOwn is how many charts and dashboards a tenant may keep in a project.
const mostOwn = 1000

// foreign tells whether the space is another tenant's, of which an embedded principal must not even learn that it is there.
func (sp Space) foreign(who access.Principal) bool {
	return sp.ofOther(who) && who.Embedded()
}

// ofOther tells whether the space is a tenant's, and another one's than the principal's.
func (sp Space) ofOther(who access.Principal) bool { return sp.Tenant != "" && sp.Tenant != who.Tenant }

// privateSlug is one that tells nothing of what others called theirs.
func privateSlug(name string) string { return slugOf(name) + "-" + slugOf(secret.Token(9)) }

// ownSpace gives the space of a tenant, which is made when it is first needed. Faults: Forbidden for principals of no
// tenant; Conflict when the tenant keeps as much as it may.
func (s *Service) ownSpace(ctx context.Context, who access.Principal, p Project) (Space, error) {
	if who.Tenant == "" {
		return Space{}, fault.New(fault.Forbidden, "Your session belongs to no tenant that could keep anything")
	}
	space, err := s.tenantSpace(ctx, who, p)
	if !store.NotFound(err) {
		if err == nil {
			err = s.roomIn(ctx, space)
		}
		return space, err
	}
	row := spaceRow{Name: who.TenantName, Slug: privateSlug("tenant"), Private: true, Tenant: &who.Tenant}
	err = s.write(ctx, func(ctx context.Context, tx bun.Tx) error {
		_, err := s.insertSpace(ctx, tx, p, row, nil)
		return err
	})
	if err != nil && !store.Duplicate(err) { // a second request of the tenant was faster
		return Space{}, err
	}
	return s.tenantSpace(ctx, who, p)
}

func (s *Service) tenantSpace(ctx context.Context, who access.Principal, p Project) (Space, error) {
	var row spaceRow
	err := selectSpaces(s.db, &row).Where("s.project_uuid = ?", p.UUID).Where("s.tenant_id = ?", who.Tenant).Scan(ctx)
	return row.space(), err
}

func (s *Service) roomIn(ctx context.Context, space Space) error {
	for _, table := range []string{"charts", "dashboards"} {
		n, err := s.db.NewSelect().TableExpr(table).Where("space_uuid = ?", space.UUID).Count(ctx)
		if err != nil {
			return err
		}
		if n >= mostOwn {
			return fault.New(fault.Conflict, "You keep %d %s already; delete some first", n, table)
		}
	}
	return nil
}

// mayShow refuses tiles that a tenant may not put on a dashboard: charts that it doesn't see, and kinds that run SQL as
// it is. Faults: Invalid, NotFound.
func (s *Service) mayShow(ctx context.Context, who access.Principal, tiles []Tile) error {
	for _, tile := range tiles {
		switch {
		case tile.Type == TileMarkdown || tile.Type == TileLoom:
		case tile.Type != TileChart:
			return fault.New(fault.Invalid, "A tile of type %q can't be added here", tile.Type)
		case tile.Chart != nil:
			row, space, err := s.findChart(ctx, who, *tile.Chart)
			if err != nil {
				return err
			}
			if s.allowChart(ctx, who, access.View, row, space) != nil {
				return noChart()
			}
		}
	}
	return nil
}

// mayChange decides about a tenant's change of a dashboard, by what exactly it changes.
func (s *Service) mayChange(ctx context.Context, who access.Principal, row dashboardRow, space Space, c DashboardChange) error {
	thing := space.thing(access.Dashboard, row.UUID)
	if c.Name != nil && *c.Name != row.Name || c.Description != nil && *c.Description != text(row.Description) {
		thing.Changes = append(thing.Changes, access.EditName)
	}
	if c.Document != nil {
		old, _, err := s.documentOf(ctx, row)
		if err != nil {
			return err
		}
		thing.Changes = append(thing.Changes, changesOf(old, *c.Document)...)
	}
	if len(thing.Changes) == 0 {
		thing.Changes = []string{access.EditCharts}
	}
	if !space.opens(who, access.Update, thing) {
		return fault.New(fault.Forbidden, "Your permissions don't allow this change")
	}
	if c.Document == nil {
		return nil
	}
	return s.mayShow(ctx, who, c.Document.Tiles)
}

// changesOf names the permissions that lead from one document to another.
func changesOf(old, now DashboardDocument) []string {
	needs := tileChanges(old.Tiles, now.Tiles)
	if !sameJSON(old.Filters, now.Filters) {
		needs = append(needs, access.AddFilter)
	}
	if !sameJSON(old.Tabs, now.Tabs) {
		needs = append(needs, access.EditTabs)
	}
	return needs
}

func tileChanges(old, now []Tile) []string {
	needs := []string{}
	before := map[string]Tile{}
	for _, tile := range old {
		before[tile.UUID] = tile.kept()
	}
	for _, tile := range now {
		was, had := before[tile.UUID]
		delete(before, tile.UUID)
		switch {
		case !had:
			needs = append(needs, access.AddChart)
		case text(was.Chart) != text(tile.Chart) || was.Type != tile.Type:
			needs = append(needs, access.AddChart, access.RemoveChart)
		case !sameJSON(was, tile.kept()):
			needs = append(needs, access.EditCharts)
		}
	}
	if len(before) > 0 {
		needs = append(needs, access.RemoveChart)
	}
	return slices.Compact(slices.Sorted(slices.Values(needs)))
}

// kept is the tile without what is filled in when it is read.
func (t Tile) kept() Tile {
	t.ChartName, t.ChartKind, t.Belongs = nil, nil, false
	if t.Title == nil {
		t.Title = new(string)
	}
	return t
}

func sameJSON(a, b any) bool {
	left, errA := json.Marshal(a)
	right, errB := json.Marshal(b)
	return errA == nil && errB == nil && string(left) == string(right)
}

// EraseTenant drops what a tenant made for itself and what it changed of dashboards, in the trash too.
func (s *Service) EraseTenant(ctx context.Context, tenant string) error {
	return s.write(ctx, func(ctx context.Context, tx bun.Tx) error {
		if err := erase(ctx, tx, tenant); err != nil {
			return err
		}
		for _, table := range []string{"spaces", "dashboard_overlays"} {
			if _, err := tx.NewDelete().TableExpr(table).Where("tenant_id = ?", tenant).Exec(ctx); err != nil {
				return err
			}
		}
		return nil
	})
}

// TenantItem is a chart or dashboard that a tenant may open.
type TenantItem struct {
	UUID, Name, Kind string
	Own              bool // made by the tenant, for nobody else
}

// TenantContent lists what a tenant may open and put on dashboards, without anything about who made it. Faults:
// NotFound, Forbidden.
func (s *Service) TenantContent(ctx context.Context, who access.Principal) (charts, dashboards []TenantItem, err error) {
	if who.Kind != access.Tenant || who.Scope != nil {
		return nil, nil, forbidden()
	}
	foundCharts, err := s.Charts(ctx, who, who.Project)
	if err != nil {
		return nil, nil, err
	}
	for _, c := range foundCharts {
		charts = append(charts, TenantItem{c.UUID, c.Name, c.Kind, c.Space.Tenant != ""})
	}
	foundDashboards, err := s.Dashboards(ctx, who, who.Project, DashboardSearch{})
	for _, d := range foundDashboards {
		dashboards = append(dashboards, TenantItem{d.UUID, d.Name, "dashboard", d.Space.Tenant != ""})
	}
	return charts, dashboards, err
}
