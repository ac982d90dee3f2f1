package content

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"inlay/internal/access"
	"inlay/internal/project"
)

// forProjects answers what projects ask of content. It reads a whole project but what tenants made for themselves, as
// compiling and validating do for nobody in particular; what people see of it goes through Visible and Find.
type forProjects struct{ *Service }

// ForProjects gives the answers to what the project package asks.
func (s *Service) ForProjects() project.Content { return forProjects{s} }

// Charts lists the charts of a project with their queries.
func (f forProjects) Charts(ctx context.Context, id string) ([]project.Chart, error) {
	if err := f.views.write(ctx); err != nil {
		return nil, err
	}
	var rows []chartRow
	if err := selectCharts(f.db, &rows).Where("c.project_uuid = ?", id).Where(everybodysCharts).Order("c.created_at", "c.uuid").Scan(ctx); err != nil {
		return nil, err
	}
	spaces, err := f.spaceNames(ctx, id)
	if err != nil {
		return nil, err
	}
	documents, err := f.documents(ctx, id)
	if err != nil {
		return nil, err
	}
	users := []*string{}
	for _, row := range rows {
		users = append(users, row.UpdatedBy, row.CreatedBy)
	}
	names, err := f.names(ctx, users...)
	charts := make([]project.Chart, len(rows))
	for i, row := range rows {
		charts[i] = project.Chart{UUID: row.UUID, Name: row.Name, Space: row.Space, SpaceName: spaces[row.Space],
			Dashboard: text(row.Dashboard), DashboardName: text(row.DashboardName), Explore: row.Explore, Kind: row.Kind,
			Query: documents[row.UUID].Query, Views: int(row.Views), UpdatedAt: row.UpdatedAt, UpdatedBy: fullName(names[text(row.UpdatedBy)]),
			CreatedBy: project.Person(names[text(row.CreatedBy)])}
	}
	return charts, err
}

func fullName(p Person) string { return strings.TrimSpace(p.First + " " + p.Last) }

func (f forProjects) spaceNames(ctx context.Context, id string) (map[string]string, error) {
	var found []Named
	err := f.db.NewSelect().TableExpr("spaces").Column("uuid", "name").Where("project_uuid = ?", id).Scan(ctx, &found)
	names := map[string]string{}
	for _, space := range found {
		names[space.UUID] = space.Name
	}
	return names, err
}

// documents reads the current document of every chart.
func (f forProjects) documents(ctx context.Context, id string) (map[string]ChartDocument, error) {
	var rows []chartVersionRow
	err := f.db.NewSelect().TableExpr("chart_versions AS v").ColumnExpr("v.chart_uuid, v.document").
		Join("JOIN charts AS c ON c.uuid = v.chart_uuid AND c.version = v.number").
		Where("c.project_uuid = ?", id).Scan(ctx, &rows)
	if err != nil {
		return nil, err
	}
	documents := map[string]ChartDocument{}
	for _, row := range rows {
		if documents[row.Chart], err = chartDocument(row.Document); err != nil {
			return nil, err
		}
	}
	return documents, nil
}

// Dashboards lists the dashboards of a project with what they refer to.
func (f forProjects) Dashboards(ctx context.Context, id string) ([]project.Dashboard, error) {
	if err := f.views.write(ctx); err != nil {
		return nil, err
	}
	var rows []dashboardRow
	if err := selectDashboards(f.db, &rows).Where("d.project_uuid = ?", id).Where(everybodysDashboards).Order("d.created_at", "d.uuid").Scan(ctx); err != nil {
		return nil, err
	}
	users := []*string{}
	for _, row := range rows {
		users = append(users, row.UpdatedBy)
	}
	names, err := f.names(ctx, users...)
	if err != nil {
		return nil, err
	}
	dashboards := make([]project.Dashboard, len(rows))
	for i, row := range rows {
		dashboards[i] = project.Dashboard{UUID: row.UUID, Name: row.Name, Space: row.Space, Views: int(row.Views),
			UpdatedAt: row.UpdatedAt, UpdatedBy: fullName(names[text(row.UpdatedBy)])}
		document, _, err := f.documentOf(ctx, row)
		if err != nil {
			return nil, err
		}
		dashboards[i].Charts, dashboards[i].Filters = refersTo(document)
	}
	return dashboards, nil
}

// Visible keeps the charts that the principal may see.
func (f forProjects) Visible(ctx context.Context, who access.Principal, id string, charts []project.Chart) ([]project.Chart, error) {
	seen, err := f.visible(ctx, who, id)
	kept := []project.Chart{}
	seen = showing(who, seen, access.SavedChart)
	for _, chart := range charts {
		if _, ok := seen[chart.Space]; ok {
			kept = append(kept, chart)
		}
	}
	return kept, err
}

// refersTo lists the charts on a dashboard's tiles and the fields that its filters name.
func refersTo(d DashboardDocument) (charts []string, filters []project.DashboardFilter) {
	for _, tile := range d.Tiles {
		if tile.Type == TileChart && tile.Chart != nil && !slices.Contains(charts, *tile.Chart) {
			charts = append(charts, *tile.Chart)
		}
	}
	for _, list := range [][]json.RawMessage{d.Filters.Dimensions, d.Filters.Metrics} {
		for _, filter := range list {
			var rule dashboardRule
			if json.Unmarshal(filter, &rule) == nil {
				filters = append(filters, project.DashboardFilter{Table: rule.Target.Table, Field: rule.Target.FieldID})
			}
		}
	}
	return charts, filters
}
