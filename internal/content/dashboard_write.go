package content

import (
	"context"
	"fmt"
	"slices"

	"github.com/uptrace/bun"

	"inlay/internal/access"
	"inlay/internal/fault"
	"inlay/internal/metric"
	"inlay/internal/secret"
)

// NewDashboard is what a dashboard is made of. Without a space it goes to the default one.
type NewDashboard struct {
	Name        string
	Slug        string // empty: made of the name
	Description *string
	Space       string
	Document    DashboardDocument
}

// CreateDashboard makes a dashboard. Faults: NotFound, Forbidden, Invalid.
func (s *Service) CreateDashboard(ctx context.Context, who access.Principal, project string, n NewDashboard) (*Dashboard, error) {
	if err := checkName("name", n.Name); err != nil {
		return nil, err
	}
	p, err := s.project(ctx, who, project)
	if err != nil {
		return nil, err
	}
	space, err := s.dashboardTarget(ctx, who, p, n.Space)
	if err != nil {
		return nil, err
	}
	if !space.opens(who, access.Create, space.thing(access.Dashboard, "")) {
		return nil, fault.New(fault.Forbidden, "You don't have access to the space this dashboard belongs to")
	}
	if space.Tenant != "" {
		n.Slug = privateSlug(n.Name)
		if err := s.mayShow(ctx, who, n.Document.Tiles); err != nil {
			return nil, err
		}
	}
	row := dashboardRow{Space: space.UUID, Name: n.Name, Description: n.Description, Slug: n.Slug}
	err = s.write(ctx, func(ctx context.Context, tx bun.Tx) error {
		made, err := s.insertDashboard(ctx, tx, p, who.User, row, n.Document)
		row.UUID = made.UUID
		return err
	})
	if err != nil {
		return nil, err
	}
	return s.dashboard(ctx, who, row.UUID, access.View)
}

func (s *Service) dashboardTarget(ctx context.Context, who access.Principal, p Project, id string) (Space, error) {
	if id == "" {
		return s.defaultSpace(ctx, who, p)
	}
	space, err := s.space(ctx, who, id, "space")
	if err == nil && space.Project != p.UUID {
		err = fault.New(fault.NotFound, "space with spaceUuid %s does not exist", id)
	}
	return space, err
}

// insertDashboard writes a dashboard with its first version. What the row already names is kept.
func (s *Service) insertDashboard(ctx context.Context, tx bun.Tx, p Project, user string, row dashboardRow, d DashboardDocument) (dashboardRow, error) {
	row.Organization, row.Project, row.AllowEmbed = p.Organization, p.UUID, true
	if row.UUID == "" {
		row.UUID = newID()
	}
	if row.PublicID == "" {
		row.PublicID = secret.Token(16)
	}
	if row.CreatedAt.IsZero() {
		row.CreatedAt = s.clock()
	}
	row.CreatedBy, row.UpdatedBy, row.UpdatedAt, row.Version = optional(user), optional(user), row.CreatedAt, 1
	slug, err := slugFor(ctx, tx, "dashboards", p, row.Slug, row.Name)
	if err != nil {
		return row, err
	}
	row.Slug = slug
	if _, err := tx.NewInsert().Model(&row).Exec(ctx); err != nil {
		return row, err
	}
	return row, insertDashboardVersion(ctx, tx, row, d)
}

// insertDashboardVersion writes the row's version and what is found by tile.
func insertDashboardVersion(ctx context.Context, tx bun.Tx, row dashboardRow, d DashboardDocument) error {
	d, err := settled(ctx, tx, row.Project, d)
	if err != nil {
		return err
	}
	document, err := d.store()
	if err != nil {
		return err
	}
	_, err = tx.NewInsert().Model(&dashboardVersionRow{UUID: newID(), Dashboard: row.UUID, Number: row.Version,
		Document: document, CreatedBy: row.UpdatedBy, CreatedAt: row.UpdatedAt}).Exec(ctx)
	if err != nil {
		return err
	}
	if _, err := tx.NewDelete().Model((*tileRow)(nil)).Where("dashboard_uuid = ?", row.UUID).Exec(ctx); err != nil {
		return err
	}
	for _, tile := range d.Tiles {
		_, err := tx.NewInsert().Model(&tileRow{Dashboard: row.UUID, Tile: tile.UUID, Type: tile.Type,
			Title: text(tile.Title), Chart: tile.Chart}).Exec(ctx)
		if err != nil {
			return err
		}
	}
	return nil
}

// settled completes a document before it is written: tiles get ids, tabs must exist, charts must be the project's,
// and filters lose the targets whose tile is gone. Faults: Invalid.
func settled(ctx context.Context, db bun.IDB, project string, d DashboardDocument) (DashboardDocument, error) {
	d.Tiles = slices.Clone(d.Tiles)
	known := map[string]bool{}
	for i := range d.Tiles {
		tile := &d.Tiles[i]
		if err := tile.checkPlace(); err != nil {
			return d, err
		}
		if !valid(tile.UUID) {
			tile.UUID = newID()
		}
		if known[tile.UUID] {
			return d, fault.New(fault.Invalid, "Two tiles have the uuid %s", tile.UUID)
		}
		known[tile.UUID] = true
		if tile.Tab != nil && !slices.ContainsFunc(d.Tabs, func(t Tab) bool { return t.UUID == *tile.Tab }) {
			return d, fault.New(fault.Invalid, "Tile %s is on the tab %s, which isn't among the tabs", tile.UUID, *tile.Tab)
		}
	}
	d.Filters = d.Filters.retarget(func(tile string) (string, bool) { return tile, known[tile] })
	return d, nameCharts(ctx, db, project, "", d.Tiles)
}

// DashboardChange is what a patch may change. Nil leaves as is; a document makes a new version.
type DashboardChange struct {
	Name        *string
	Description *string
	Space       *string
	Document    *DashboardDocument
}

// UpdateDashboard changes a dashboard. Faults: NotFound, Forbidden, Invalid.
func (s *Service) UpdateDashboard(ctx context.Context, who access.Principal, id string, c DashboardChange) (*Dashboard, error) {
	apply, err := s.dashboardChange(ctx, who, "", id, c)
	if err != nil {
		return nil, err
	}
	if err := s.write(ctx, apply); err != nil {
		return nil, err
	}
	return s.dashboard(ctx, who, id, access.View)
}

// DashboardUpdate is one of many changes.
type DashboardUpdate struct {
	UUID string
	DashboardChange
}

// UpdateDashboards changes several dashboards of a project, or none. Faults: NotFound, Forbidden.
func (s *Service) UpdateDashboards(ctx context.Context, who access.Principal, project string, updates []DashboardUpdate) ([]*Dashboard, error) {
	all := make([]change, len(updates))
	for i, up := range updates {
		var err error
		if all[i], err = s.dashboardChange(ctx, who, project, up.UUID, up.DashboardChange); err != nil {
			return nil, err
		}
	}
	if err := s.write(ctx, together(all)); err != nil {
		return nil, err
	}
	list := make([]*Dashboard, len(updates))
	for i, up := range updates {
		var err error
		if list[i], err = s.dashboard(ctx, who, up.UUID, access.View); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// dashboardChange decides about a change, in any project when none is given.
func (s *Service) dashboardChange(ctx context.Context, who access.Principal, project, id string, c DashboardChange) (change, error) {
	if err := checkNewName(c.Name); err != nil {
		return nil, err
	}
	row, space, err := s.findDashboard(ctx, who, id)
	if err != nil {
		return nil, err
	}
	if project != "" && row.Project != project {
		return nil, noDashboard()
	}
	if who.Embedded() {
		if err := s.mayChange(ctx, who, row.dashboardRow, space, c); err != nil {
			return nil, err
		}
	} else if err := allowDashboard(who, access.Update, row, space); err != nil {
		return nil, err
	}
	to := Space{}
	if c.Space != nil && *c.Space != "" && *c.Space != row.Space {
		if to, err = s.space(ctx, who, *c.Space, "space"); err != nil {
			return nil, err
		}
		if to.Project != row.Project || !to.opens(who, access.Update, to.thing(access.Dashboard, row.UUID)) {
			return nil, fault.New(fault.Forbidden, "You don't have access to the space this dashboard is being moved to")
		}
	}
	return func(ctx context.Context, tx bun.Tx) error {
		update := tx.NewUpdate().TableExpr("dashboards").Set("uuid = uuid").Where("uuid = ?", row.UUID)
		if c.Name != nil {
			update.Set("name = ?", *c.Name)
		}
		if c.Description != nil {
			update.Set("description = ?", *c.Description)
		}
		if _, err := update.Exec(ctx); err != nil {
			return err
		}
		if to.UUID != "" {
			if err := moveDashboard(ctx, tx, row.UUID, to.UUID); err != nil {
				return err
			}
		}
		if c.Document == nil {
			return nil
		}
		return s.appendDashboard(ctx, tx, who, row.dashboardRow, *c.Document)
	}, nil
}

// moveDashboard puts a dashboard into another space, with the charts that belong to it.
func moveDashboard(ctx context.Context, tx bun.Tx, id, space string) error {
	for _, of := range []struct{ table, key string }{{"dashboards", "uuid"}, {"charts", "dashboard_uuid"}, {"sql_charts", "dashboard_uuid"}} {
		_, err := tx.NewUpdate().TableExpr(of.table).Set("space_uuid = ?", space).
			Where("? = ?", bun.Ident(of.key), id).Exec(ctx)
		if err != nil {
			return err
		}
	}
	return nil
}

// parametersBefore are those of the version before a new one: clients that don't know parameters leave them out, and
// must not lose them.
func parametersBefore(ctx context.Context, tx bun.Tx, row dashboardRow) (metric.Parameters, error) {
	var text string
	err := tx.NewSelect().TableExpr("dashboard_versions").Column("document").Where("dashboard_uuid = ?", row.UUID).
		Where("number = ?", row.Version-1).Scan(ctx, &text)
	if err != nil {
		return nil, err
	}
	document, err := dashboardDocument(text)
	return document.Parameters, err
}

// appendDashboard adds a version; taking its number holds the dashboard's row. Charts that belong to the dashboard
// and have no tile any more are deleted with it.
func (s *Service) appendDashboard(ctx context.Context, tx bun.Tx, who access.Principal, row dashboardRow, d DashboardDocument) error {
	row.UpdatedBy, row.UpdatedAt = optional(who.User), s.clock()
	err := tx.NewUpdate().TableExpr("dashboards").Set("version = version + 1").Set("updated_at = ?", row.UpdatedAt).
		Set("updated_by = ?", row.UpdatedBy).Where("uuid = ?", row.UUID).Returning("version").Scan(ctx, &row.Version)
	if err != nil {
		return fmt.Errorf("content.appendDashboard: %w", err)
	}
	if d.Parameters == nil {
		if d.Parameters, err = parametersBefore(ctx, tx, row); err != nil {
			return err
		}
	}
	had := []string{}
	err = tx.NewSelect().TableExpr("dashboard_tiles AS t").ColumnExpr("t.chart_uuid").
		Join("JOIN charts AS c ON c.uuid = t.chart_uuid AND c.dashboard_uuid = t.dashboard_uuid").
		Where("t.dashboard_uuid = ?", row.UUID).Scan(ctx, &had)
	if err != nil {
		return err
	}
	if err := insertDashboardVersion(ctx, tx, row, d); err != nil {
		return err
	}
	orphans := slices.DeleteFunc(had, func(id string) bool {
		return slices.ContainsFunc(d.Tiles, func(t Tile) bool { return text(t.Chart) == id })
	})
	return dropCharts(ctx, tx, orphans...)
}

// DeleteDashboard puts a dashboard with the charts that belong to it into the trash. Faults: NotFound, Forbidden.
func (s *Service) DeleteDashboard(ctx context.Context, who access.Principal, id string) error {
	row, space, err := s.findDashboard(ctx, who, id)
	if err != nil {
		return err
	}
	if err := allowDashboard(who, access.Delete, row, space); err != nil {
		return err
	}
	return s.write(ctx, func(ctx context.Context, tx bun.Tx) error {
		return s.discard(ctx, tx, who, kindDashboard, row.UUID, row.Name, space)
	})
}

// Untargeted drops every target by tile from filters.
func (f DashboardFilters) Untargeted() DashboardFilters {
	return f.retarget(func(string) (string, bool) { return "", false })
}
