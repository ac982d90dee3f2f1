package content

import (
	"cmp"
	"context"
	"slices"

	"github.com/uptrace/bun"
)

// bundle is something with everything that goes and comes with it, as it lies in the database.
type bundle struct {
	Spaces            []spaceRow
	SpaceUsers        []spaceUserRow
	SpaceGroups       []spaceGroupRow
	Dashboards        []dashboardRow
	DashboardVersions []dashboardVersionRow
	Tiles             []tileRow
	Comments          []commentRow
	Overlays          []overlayRow
	Charts            []chartRow
	ChartVersions     []chartVersionRow
	SQLCharts         []sqlChartRow
	SQLVersions       []sqlVersionRow
	Deliveries        []deliveryRow
	Targets           []targetRow
}

// gather reads everything that goes with a thing.
func gather(ctx context.Context, tx bun.Tx, kind, id string) (b *bundle, err error) {
	b = &bundle{}
	find := func(rows any, column string, of ...string) {
		if err == nil && len(of) > 0 {
			err = tx.NewSelect().Model(rows).Where("? IN (?)", bun.Ident(column), bun.List(of)).Scan(ctx)
		}
	}
	switch kind {
	case kindChart:
		find(&b.Charts, "c.uuid", id)
	case kindSQLChart:
		find(&b.SQLCharts, "c.uuid", id)
	case kindDashboard:
		find(&b.Dashboards, "d.uuid", id)
		find(&b.Charts, "c.dashboard_uuid", id)
		find(&b.SQLCharts, "c.dashboard_uuid", id)
	case kindSpace:
		var spaces []string
		if spaces, _, err = within(ctx, tx, id); err != nil {
			return b, err
		}
		find(&b.Spaces, "s.uuid", spaces...)
		slices.SortFunc(b.Spaces, func(x, y spaceRow) int { // as they must be written: none before the one that it lies in
			return cmp.Compare(slices.Index(spaces, x.UUID), slices.Index(spaces, y.UUID))
		})
		find(&b.SpaceUsers, "space_uuid", spaces...)
		find(&b.SpaceGroups, "space_uuid", spaces...)
		find(&b.Dashboards, "d.space_uuid", spaces...)
		find(&b.Charts, "c.space_uuid", spaces...)
		find(&b.SQLCharts, "c.space_uuid", spaces...)
	}
	dashboards, charts, sqlCharts := b.uuidsByKind()
	find(&b.DashboardVersions, "dashboard_uuid", dashboards...)
	find(&b.Tiles, "dashboard_uuid", dashboards...)
	find(&b.Comments, "dashboard_uuid", dashboards...)
	find(&b.Overlays, "dashboard_uuid", dashboards...)
	find(&b.ChartVersions, "chart_uuid", charts...)
	find(&b.SQLVersions, "sql_chart_uuid", sqlCharts...)
	var ofDashboards []deliveryRow
	find(&ofDashboards, "dashboard_uuid", dashboards...)
	find(&b.Deliveries, "chart_uuid", charts...)
	b.Deliveries = append(b.Deliveries, ofDashboards...)
	find(&b.Targets, "delivery_uuid", ids(b.Deliveries, func(r deliveryRow) string { return r.UUID })...)
	return b, err
}

func ids[T any](rows []T, id func(T) string) []string {
	all := make([]string, len(rows))
	for i, row := range rows {
		all[i] = id(row)
	}
	return all
}

func (b *bundle) uuidsByKind() (dashboards, charts, sqlCharts []string) {
	return ids(b.Dashboards, func(r dashboardRow) string { return r.UUID }), ids(b.Charts, func(r chartRow) string { return r.UUID }),
		ids(b.SQLCharts, func(r sqlChartRow) string { return r.UUID })
}

// uuids are those of everything that can be pinned.
func (b *bundle) uuids() []string {
	dashboards, charts, sqlCharts := b.uuidsByKind()
	all := ids(b.Spaces, func(r spaceRow) string { return r.UUID })
	return append(append(append(all, dashboards...), charts...), sqlCharts...)
}

// insert writes the rows back. Slugs that were taken meanwhile are replaced; writing again after somebody else took one
// begins with the slugs as they were.
func (b bundle) insert(ctx context.Context, tx bun.Tx, project string) (err error) {
	slugged := func(table string, slug string) string {
		if err == nil {
			slug, err = freeSlugIn(ctx, tx, table, "project_uuid", project, slug)
		}
		return slug
	}
	put := func(row any) {
		if err == nil {
			_, err = tx.NewInsert().Model(row).Exec(ctx)
		}
	}
	for _, row := range b.Spaces {
		row.Slug = slugged("spaces", row.Slug)
		put(&row)
	}
	for _, row := range b.Dashboards {
		row.Slug = slugged("dashboards", row.Slug)
		put(&row)
	}
	for _, row := range b.Charts {
		row.Slug = slugged("charts", row.Slug)
		put(&row)
	}
	for _, row := range b.SQLCharts {
		row.Slug = slugged("sql_charts", row.Slug)
		put(&row)
	}
	putAll := func(rows any, n int) {
		if n > 0 {
			put(rows)
		}
	}
	putAll(&b.SpaceUsers, len(b.SpaceUsers))
	putAll(&b.SpaceGroups, len(b.SpaceGroups))
	putAll(&b.DashboardVersions, len(b.DashboardVersions))
	putAll(&b.Tiles, len(b.Tiles))
	putAll(&b.Comments, len(b.Comments))
	putAll(&b.Overlays, len(b.Overlays))
	putAll(&b.ChartVersions, len(b.ChartVersions))
	putAll(&b.SQLVersions, len(b.SQLVersions))
	putAll(&b.Deliveries, len(b.Deliveries))
	putAll(&b.Targets, len(b.Targets))
	return err
}
