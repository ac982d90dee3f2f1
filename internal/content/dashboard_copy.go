package content

import (
	"context"
	"slices"

	"github.com/uptrace/bun"

	"inlay/internal/access"
)

// DuplicateDashboard copies a dashboard, with copies of the charts that belong to it. Faults: NotFound, Forbidden, Invalid.
func (s *Service) DuplicateDashboard(ctx context.Context, who access.Principal, project, id, name string, description *string) (*Dashboard, error) {
	if err := checkName("dashboardName", name); err != nil {
		return nil, err
	}
	original, err := s.dashboard(ctx, who, id, access.View)
	if err != nil {
		return nil, err
	}
	if original.Project != project {
		return nil, noDashboard()
	}
	if !original.Space.opens(who, access.Create, original.Space.thing(access.Dashboard, "")) {
		return nil, forbidden()
	}
	p, err := s.project(ctx, who, project)
	if err != nil {
		return nil, err
	}
	row := dashboardRow{Space: original.Space.UUID, Name: name, Description: description}
	err = s.write(ctx, func(ctx context.Context, tx bun.Tx) error {
		document := original.Document.renamed()
		made, err := s.insertDashboard(ctx, tx, p, who.User, row, document)
		if err != nil {
			return err
		}
		row.UUID = made.UUID
		return s.copyOwnCharts(ctx, tx, p, who.User, made, document)
	})
	if err != nil {
		return nil, err
	}
	return s.dashboard(ctx, who, row.UUID, access.View)
}

// renamed gives every tile and tab a new id, and lets everything that names them follow.
func (d DashboardDocument) renamed() DashboardDocument {
	ids := map[string]string{}
	d.Tabs = slices.Clone(d.Tabs)
	for i := range d.Tabs {
		ids[d.Tabs[i].UUID] = newID()
		d.Tabs[i].UUID = ids[d.Tabs[i].UUID]
	}
	d.Tiles = slices.Clone(d.Tiles)
	for i := range d.Tiles {
		tile := &d.Tiles[i]
		ids[tile.UUID] = newID()
		tile.UUID = ids[tile.UUID]
		if tile.Tab != nil {
			tab := ids[*tile.Tab]
			tile.Tab = &tab
		}
	}
	d.Filters = d.Filters.retarget(func(tile string) (string, bool) { id, ok := ids[tile]; return id, ok })
	return d
}

// copyOwnCharts gives a copied dashboard copies of the charts that belonged to the original, by rewriting the first
// version that was just written.
func (s *Service) copyOwnCharts(ctx context.Context, tx bun.Tx, p Project, user string, to dashboardRow, d DashboardDocument) error {
	changed := false
	for i := range d.Tiles {
		tile := &d.Tiles[i]
		if tile.Type != TileChart || !tile.Belongs || tile.Chart == nil {
			continue
		}
		row, document, err := currentChart(ctx, tx, *tile.Chart)
		if err != nil {
			return err
		}
		copied := chartRow{Space: to.Space, Dashboard: &to.UUID, Name: row.Name, Description: row.Description,
			Slug: row.Slug, CreatedAt: to.CreatedAt}
		made, err := s.insertChart(ctx, tx, p, user, copied, document)
		if err != nil {
			return err
		}
		tile.Chart, changed = &made.UUID, true
	}
	if !changed {
		return nil
	}
	_, err := tx.NewDelete().Model((*dashboardVersionRow)(nil)).Where("dashboard_uuid = ?", to.UUID).Exec(ctx)
	if err != nil {
		return err
	}
	return insertDashboardVersion(ctx, tx, to, d)
}

// currentChart reads a chart and its current document inside a transaction that has already decided who may.
func currentChart(ctx context.Context, tx bun.Tx, id string) (chartRow, ChartDocument, error) {
	var row chartRow
	if err := tx.NewSelect().Model(&row).Where("c.uuid = ?", id).Scan(ctx); err != nil {
		return row, ChartDocument{}, err
	}
	var version chartVersionRow
	err := tx.NewSelect().Model(&version).Where("chart_uuid = ?", id).Where("number = ?", row.Version).Scan(ctx)
	if err != nil {
		return row, ChartDocument{}, err
	}
	d, err := chartDocument(version.Document)
	return row, d, err
}
